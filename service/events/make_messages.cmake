# cmake -D EVENTS=…/events.def -D MESSAGES=….mc -P make_messages.cmake
#
# Turns the list of events into the message compiler's language. The ids it makes are those of
# EventEntry::system_id(): the severity above the number. Categories are the messages 1 … n in the
# order of EventCategory.

cmake_minimum_required(VERSION 3.25)

set(categories service configuration watch change action security delivery)
set(category_texts "Service" "Configuration" "Watch" "Registry change" "Action" "Security" "Delivery")
set(severities information Informational warning Warning error Error)

set(text "MessageIdTypedef=DWORD
SeverityNames=(Success=0x0:STATUS_SEVERITY_SUCCESS
Informational=0x1:STATUS_SEVERITY_INFORMATIONAL
Warning=0x2:STATUS_SEVERITY_WARNING
Error=0x3:STATUS_SEVERITY_ERROR)
FacilityNames=(Application=0x0)
LanguageNames=(English=0x409:MSG00409)
")

function(add_message number severity name message)
  # A line of one full stop ends a message, and a line that begins with ';' is a comment to one of
  # the compilers; neither may come from a text.
  if(message MATCHES "^[.;]" OR message MATCHES "[\r\n]")
    message(FATAL_ERROR "Event ${number}: this text cannot be given to the message compiler: ${message}")
  endif()
  # '!' behind an insert would begin a format.
  string(REGEX REPLACE "(%[0-9][0-9]?)!" "\\1%!" message "${message}")
  set(text "${text}
MessageId=${number}
Severity=${severity}
Facility=Application
SymbolicName=${name}
Language=English
${message}
.
" PARENT_SCOPE)
endfunction()

set(number 0)
foreach(category category_text IN ZIP_LISTS categories category_texts)
  math(EXPR number "${number} + 1")
  string(TOUPPER "${category}" name)
  add_message(${number} Success "REGWATCH_CATEGORY_${name}" "${category_text}")
endforeach()

# Not file(STRINGS): a text may hold a ';', which would end an element of the list.
file(READ "${EVENTS}" source)
set(entry "\nREGWATCH_EVENT\\(([0-9]+), ([a-z_0-9]+), ([a-z]+), ([a-z]+), [a-z]+, \"([^\n]*)\"\\)\n")
string(REGEX MATCHALL "\nREGWATCH_EVENT\\(" expected "${source}")
list(LENGTH expected expected)
set(found 0)
while(source MATCHES "${entry}")
  set(match "${CMAKE_MATCH_0}")
  set(number ${CMAKE_MATCH_1})
  set(name ${CMAKE_MATCH_2})
  set(level ${CMAKE_MATCH_3})
  set(category ${CMAKE_MATCH_4})
  set(message "${CMAKE_MATCH_5}")
  if(NOT category IN_LIST categories OR NOT level IN_LIST severities)
    message(FATAL_ERROR "Event ${number}: unknown level '${level}' or category '${category}'")
  endif()
  string(REPLACE "\\\"" "\"" message "${message}")
  string(REPLACE "\\\\" "\\" message "${message}")
  list(FIND severities ${level} at)
  math(EXPR at "${at} + 1")
  list(GET severities ${at} severity)
  string(TOUPPER "${name}" name)
  add_message(${number} ${severity} "REGWATCH_${name}" "${message}")
  math(EXPR found "${found} + 1")
  # The line end before the next entry stays.
  string(FIND "${source}" "${match}" begin)
  string(LENGTH "${match}" length)
  math(EXPR rest "${begin} + ${length} - 1")
  string(SUBSTRING "${source}" ${rest} -1 source)
endwhile()
if(NOT found EQUAL expected OR found EQUAL 0)
  message(FATAL_ERROR "${EVENTS}: ${expected} entries, but only ${found} could be read")
endif()

file(WRITE "${MESSAGES}" "${text}")
