// The only place that includes the Windows headers. Everything that needs them includes this, and
// nothing outside src/win32, service/ and the tests for Windows does.
//
// The macros come from the build (options target); they are repeated for tools that read one file.
#pragma once

#ifndef UNICODE
#define UNICODE
#endif
#ifndef NOMINMAX
#define NOMINMAX
#endif
#ifndef WIN32_LEAN_AND_MEAN
#define WIN32_LEAN_AND_MEAN
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0602
#endif

#include <windows.h>
