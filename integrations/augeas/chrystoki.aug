(*
Module: Chrystoki
  The configuration file of the Thales Luna HSM client, for Augeas

About: Reference
  Chrystoki.conf (UNIX) is made of sections, `Name = {` to `}`, with entries `Key = value;` each on a line of its own;
  crystoki.ini (Windows) of `[Name]` and `Key=value`. Comments are seen in the field, and no vendor page describes them.

About: What is refused
  A file that can be read in two ways is not parsed at all, so it cannot be saved in the wrong one: an entry without its
  `;`, text behind it, two entries on a line, a section that is not closed, is nested or shares its brace's line, a
  brace on a line of its own, a quotation mark that is not closed, text that is none of these, a lone carriage return, a
  byte order mark, a block comment.

About: Lens usage
  `Chrystoki.lns` for Chrystoki.conf, loaded for /etc/Chrystoki.conf; `Chrystoki.lns_windows` for crystoki.ini, loaded
  for no file by itself.

    set /files/etc/Chrystoki.conf/HAConfiguration/statusTimeout 10
    get /files/etc/Chrystoki.conf/LunaSA\ Client/ReceiveTimeout

About: License
  Apache-2.0, like the project confkit that it is a part of.
*)
module Chrystoki =
autoload xfm

(* Group: Parts of a line *)

(* The vendor forbids TABs; a file that has some keeps them, and none is written. *)
let indent (default:string) = del /[ \t]*/ default

(* Trailing blanks and the line end as the file has them; a new line ends in LF. *)
let eol = del /[ \t]*\r?\n/ "\n"

let equals = del /[ \t]*=[ \t]*/ " = "

let word = /[A-Za-z0-9_.-]+/
let name = word . ( / +/ . word )*

(* In HASynchronize keys are the labels of groups, which may hold almost anything. A label of a tree holds no slash. *)
let in_key = /[^] \t\r\n\f\v=;{}#"\/[]/
let key_re = in_key . ( ( in_key | / / )* . in_key )?

(* Group: Comments and empty lines *)

let comment_of (sign:regexp) (default:string) =
  [ label "#comment" . del ( /[ \t]*/ . sign . /[ \t]*/ ) default
    . store /[^ \t\r\n]([^\r\n]*[^ \t\r\n])?/ . eol ]

let empty_of (sign:regexp) = [ del ( /[ \t]*/ . ( sign . /[ \t]*/ )? . /\r?\n/ ) "\n" ]

(* Group: Chrystoki.conf *)

let sign = /#|\/\//
let comment = comment_of sign "# "
let empty = empty_of sign

(* A value ends at the first `;`; quotation marks come in pairs. *)
let plain = /[^ \t\r\n\f\v;{}"]/ | /"[^\r\n\f\v;{}"]*"/
let value = plain . ( ( plain | /[ \t]/ )* . plain )?

let entry =
  [ indent "   " . key key_re . equals
    . ( store value . del /[ \t]*/ "" )?
    . del /;/ ";" . eol ]

let section =
  [ indent "" . key name . equals . del /\{/ "{" . eol
    . ( entry | comment | empty )*
    . del /[ \t]*\}([ \t]*;)?/ "}" . eol ]

let lns = ( section | comment | empty )*

(* Group: crystoki.ini *)

let sign_windows = /[#;]|\/\//
let comment_windows = comment_of sign_windows "; "
let empty_windows = empty_of sign_windows

(* A value that ends in `;` or is `{` is taken from the other form by mistake: nobody knows which was meant. *)
let value_windows = /[^ \t\r\n\f\v;{]|[^ \t\r\n\f\v][^\r\n\f\v]*[^ \t\r\n\f\v;]/

let entry_windows =
  [ indent "" . key key_re . del /[ \t]*=[ \t]*/ "=" . ( store value_windows . del /[ \t]*/ "" )?
    . del /\r?\n/ "\n" ]

let section_windows =
  [ indent "" . del /\[[ \t]*/ "[" . key name . del /[ \t]*\]/ "]" . eol
    . ( entry_windows | comment_windows | empty_windows )* ]

let lns_windows = ( comment_windows | empty_windows )* . section_windows*

(* Group: Loading *)

let xfm = transform lns ( incl "/etc/Chrystoki.conf" )
