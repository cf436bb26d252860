(* augparse -I integrations/augeas integrations/augeas/tests/test_chrystoki.aug *)
module Test_Chrystoki =

let unix = "# kept by operations
Chrystoki2 = {
   LibUNIX64 = /usr/safenet/lunaclient/lib/libCryptoki2_64.so;
}

LunaSA Client = {
   ReceiveTimeout = 20000;
   ServerName00=hsm-a.example.net;
   ServerHtl00 = ;
   // an annotation
}
HASynchronize = {
   Signing key 1 = 1;
};
"

(* Group: reading *)

test Chrystoki.lns get unix =
  { "#comment" = "kept by operations" }
  { "Chrystoki2"
    { "LibUNIX64" = "/usr/safenet/lunaclient/lib/libCryptoki2_64.so" } }
  { }
  { "LunaSA Client"
    { "ReceiveTimeout" = "20000" }
    { "ServerName00" = "hsm-a.example.net" }
    { "ServerHtl00" }
    { "#comment" = "an annotation" } }
  { "HASynchronize"
    { "Signing key 1" = "1" } }

test Chrystoki.lns get "#\n//\n\n" = { } { } { }

(* a value goes to the `;`, quotation marks and signs of comments in it included *)
test Chrystoki.lns get "Misc = {\n A = a = b // c ;\n B=\"x y\";\n}\n" =
  { "Misc" { "A" = "a = b // c" } { "B" = "\"x y\"" } }

(* Group: writing what is there: one value, and no other byte *)

test Chrystoki.lns put "Misc ={\r\n\tA  =   1 ; \r\n B=2;\r\n }\r\n" after set "/Misc/A" "10" =
  "Misc ={\r\n\tA  =   10 ; \r\n B=2;\r\n }\r\n"

test Chrystoki.lns put "Misc = {\n   A = 1;\n   A = 2;\n}\n" after set "/Misc/A[2]" "3" =
  "Misc = {\n   A = 1;\n   A = 3;\n}\n"

test Chrystoki.lns put "Misc = {\r\n   A =;\r\n   B = ;\r\n}\r\n" after set "/Misc/A" "1"; set "/Misc/B" "2" =
  "Misc = {\r\n   A =1;\r\n   B = 2;\r\n}\r\n"

test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after clear "/Misc/A" =
  "Misc = {\n   A = ;\n}\n"

(* Group: writing what is new, and removing *)

test Chrystoki.lns put "HAConfiguration = {\n   HAOnly = 1;\n}\n"
  after set "/HAConfiguration/statusTimeout" "10" =
  "HAConfiguration = {\n   HAOnly = 1;\n   statusTimeout = 10;\n}\n"

test Chrystoki.lns put "Misc = {\n}\n" after set "/HAConfiguration/statusTimeout" "10" =
  "Misc = {\n}\nHAConfiguration = {\n   statusTimeout = 10;\n}\n"

test Chrystoki.lns put "Misc = {\n   A = 1;\n   B = 2;\n}\n" after rm "/Misc/A" =
  "Misc = {\n   B = 2;\n}\n"

(* Group: values and names that would break the file *)

test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A" "1; B = 2" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A" "}" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A" "\"a" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A" "a\nb" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A" " a" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc/A = 2;B" "1" = *
test Chrystoki.lns put "Misc = {\n   A = 1;\n}\n" after set "/Misc" "1" = *

(* Group: files that are refused *)

test Chrystoki.lns get "Misc = {\n   A = 1\n}\n" = *
test Chrystoki.lns get "Misc = {\n   A = 1; B = 2;\n}\n" = *
test Chrystoki.lns get "Misc = {\n   A = 1; // why\n}\n" = *
test Chrystoki.lns get "Misc = {\n   A = \"a;b\";\n}\n" = *
test Chrystoki.lns get "Misc = { A = 1; }\n" = *
test Chrystoki.lns get "Misc =\n{\n   A = 1;\n}\n" = *
test Chrystoki.lns get "Misc {\n   A = 1;\n}\n" = *
test Chrystoki.lns get "Misc = {\n   A = 1;\n" = *
test Chrystoki.lns get "Misc = {\n   Luna = {\n   }\n}\n" = *
test Chrystoki.lns get "Misc = {\n}\n}\n" = *
test Chrystoki.lns get "A = 1;\n" = *
test Chrystoki.lns get "text\n" = *
test Chrystoki.lns get "/* a\n   b */\n" = *
test Chrystoki.lns get "Misc = {\r   A = 1;\r}\r" = *
test Chrystoki.lns get "[Misc]\nA=1\n" = *

(* Group: crystoki.ini *)

let windows = "; kept by operations\r\n[Chrystoki2]\r\nLibNT=C:\\Program Files\\SafeNet\\LunaClient\\cryptoki.dll\r\n\r\n[Misc]\r\nA = \r\n"

test Chrystoki.lns_windows get windows =
  { "#comment" = "kept by operations" }
  { "Chrystoki2"
    { "LibNT" = "C:\\Program Files\\SafeNet\\LunaClient\\cryptoki.dll" }
    { } }
  { "Misc" { "A" } }

test Chrystoki.lns_windows put windows after set "/Misc/A" "1" =
  "; kept by operations\r\n[Chrystoki2]\r\nLibNT=C:\\Program Files\\SafeNet\\LunaClient\\cryptoki.dll\r\n\r\n[Misc]\r\nA = 1\r\n"

test Chrystoki.lns_windows put "[Misc]\nA=1\n" after set "/Misc/B" "2"; set "/Luna/C" "3" =
  "[Misc]\nA=1\nB=2\n[Luna]\nC=3\n"

test Chrystoki.lns_windows put "[Misc]\nA=1\n" after set "/Misc/A" "2;" = *
test Chrystoki.lns_windows get "A=1\n[Misc]\n" = *
test Chrystoki.lns_windows get "[Misc]\nA=1;\n" = *
test Chrystoki.lns_windows get "[Misc\nA=1\n" = *
test Chrystoki.lns_windows get "[Misc] A=1\n" = *
test Chrystoki.lns_windows get "[Misc]\ntext\n" = *
test Chrystoki.lns_windows get "Misc = {\n   A = 1;\n}\n" = *
