// Documents whose macros start by themselves and load something. The text of macros is compressed inside
// the document, but names of calls stand in it in clear, as do the strings of older formats. Members of
// .docm and .xlsm files are seen when Postern opens them. Name this file under scanners.embedded.yara.

private rule Has_Macros {
  strings:
    $ole = { D0 CF 11 E0 A1 B1 1A E1 }
    $project = "_VBA_PROJECT" wide
    $attribute = "Attribut" // as every module begins, cut by its compression
  condition:
    $ole at 0 and ($project or $attribute)
}

rule Macro_Starts_And_Runs {
  meta:
    description = "Macros that start when the document opens and start a program"
  strings:
    $auto1 = "AutoOpen" nocase
    $auto2 = "Auto_Open" nocase
    $auto3 = "Document_Open" nocase
    $auto4 = "Workbook_Open" nocase
    $auto5 = "AutoExec" nocase
    $auto6 = "Document_Close" nocase
    $run1 = "WScript.Shell" nocase
    $run2 = "ShellExecute" nocase
    $run3 = "powershell" nocase
    $run4 = "CreateProcess" nocase
    $run5 = "Win32_Process" nocase
    $run6 = "cmd.exe" nocase
    $run7 = "mshta" nocase
  condition:
    Has_Macros and any of ($auto*) and any of ($run*)
}

rule Macro_Downloads {
  meta:
    description = "Macros that fetch something from the net"
  strings:
    $fetch1 = "URLDownloadToFile" nocase
    $fetch2 = "MSXML2.XMLHTTP" nocase
    $fetch3 = "WinHttp.WinHttpRequest" nocase
    $fetch4 = "InternetOpenUrl" nocase
    $fetch5 = "ADODB.Stream" nocase
  condition:
    Has_Macros and any of them
}

rule Macro_Injects_Code {
  meta:
    description = "Macros that put machine code into memory and run it"
  strings:
    $alloc = "VirtualAlloc" nocase
    $write1 = "RtlMoveMemory" nocase
    $write2 = "WriteProcessMemory" nocase
    $run1 = "CreateThread" nocase
    $run2 = "CreateRemoteThread" nocase
    $run3 = "EnumSystemLocales" nocase
  condition:
    Has_Macros and $alloc and any of ($write*) and any of ($run*)
}

rule Rtf_Object_Loads {
  meta:
    description = "RTF with an object that is updated when it is opened, as exploits of the equation editor are"
  strings:
    $rtf = "{\\rt"
    $object = "\\objdata" nocase
    $update = "\\objupdate" nocase
    $equation1 = "Equation.3" nocase
    $equation2 = "4571756174696f6e2e33" nocase // the same name in hex
    $package = "5061636b61676500" nocase // Package, which carries a file
  condition:
    $rtf at 0 and $object and ($update or any of ($equation*) or $package)
}
