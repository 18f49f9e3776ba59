// Scripts that fetch or unpack a program and start it. They look at the decoded content of attachments
// and archive members. Each wants two things at once, fetching or unpacking and starting, so that a
// text that merely speaks of one of them does not match. Name this file under scanners.embedded.yara.

rule PowerShell_Download_And_Run {
  meta:
    description = "PowerShell that downloads something and runs it"
  strings:
    $fetch1 = ".DownloadString(" nocase
    $fetch2 = ".DownloadFile(" nocase
    $fetch3 = ".DownloadData(" nocase
    $fetch4 = "Invoke-WebRequest" nocase
    $fetch5 = "Start-BitsTransfer" nocase
    $run1 = "Invoke-Expression" nocase
    $run2 = /\biex\b\s*[\(\$]/ nocase
    $run3 = /\|\s*iex\b/ nocase
    $run4 = "Start-Process" nocase
    $run5 = "[Reflection.Assembly]::Load" nocase
  condition:
    filesize < 5MB and any of ($fetch*) and any of ($run*)
}

rule PowerShell_Hidden_Encoded {
  meta:
    description = "PowerShell started without a window, with its program in base64"
  strings:
    $powershell = /(powershell|pwsh)(\.exe)?["']?\s/ nocase
    $hidden = /-w(i(n(d(o(w(s(t(y(le?)?)?)?)?)?)?)?)?)?\s+(hidden|1)\b/ nocase
    $encoded = /-e(c|nc|nco|ncod|ncode|ncoded|ncodedc[a-z]*)?\s+["']?[A-Za-z0-9+\/=]{40}/ nocase
  condition:
    filesize < 5MB and all of them
}

rule Script_Host_Download_And_Run {
  meta:
    description = "JScript or VBScript that downloads a file and starts it"
  strings:
    $fetch1 = "MSXML2.XMLHTTP" nocase
    $fetch2 = "MSXML2.ServerXMLHTTP" nocase
    $fetch3 = "Microsoft.XMLHTTP" nocase
    $fetch4 = "WinHttp.WinHttpRequest" nocase
    $store1 = "ADODB.Stream" nocase
    $store2 = ".SaveToFile" nocase
    $run1 = "WScript.Shell" nocase
    $run2 = "Shell.Application" nocase
    $run3 = "ShellExecute" nocase
  condition:
    filesize < 5MB and any of ($fetch*) and (any of ($store*) or any of ($run*))
}

rule Batch_Download_And_Run {
  meta:
    description = "A batch file that downloads a program with a tool of the system and starts it"
  strings:
    $fetch1 = /\bcertutil(\.exe)?\s[^\r\n]{0,100}-urlcache\b/ nocase
    $fetch2 = /\bbitsadmin(\.exe)?\s[^\r\n]{0,100}\/transfer\b/ nocase
    $fetch3 = /\bcurl(\.exe)?\s[^\r\n]{0,200}(-o|--output)\s[^\r\n]{0,100}\.(exe|dll|bat|cmd|vbs|js|ps1|msi|scr)\b/ nocase
    $run1 = /(^|[\r\n&])\s*start\s/ nocase
    $run2 = /\b(rundll32|regsvr32|mshta|wscript|cscript|msiexec)(\.exe)?\s/ nocase
    $run3 = /&&?\s*["']?%(temp|tmp|appdata|public)%\\/ nocase
  condition:
    filesize < 1MB and any of ($fetch*) and any of ($run*)
}

rule Html_Makes_A_File {
  meta:
    description = "HTML that makes a file out of its own text and saves it without being asked"
  strings:
    $decode1 = "atob(" nocase
    $decode2 = "Uint8Array" nocase
    $decode3 = "fromCharCode" nocase
    $make1 = "new Blob(" nocase
    $make2 = "msSaveOrOpenBlob" nocase
    $make3 = "new File(" nocase
    $save1 = ".download" nocase
    $save2 = "createObjectURL" nocase
    $save3 = "msSaveOrOpenBlob" nocase
    $click = ".click(" nocase
    $tag = /<(script|html|svg)[\s>]/ nocase
  condition:
    $tag and any of ($decode*) and any of ($make*) and any of ($save*) and ($click or $make2)
}
