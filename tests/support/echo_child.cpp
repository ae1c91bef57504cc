// A program for the tests of platform/process.h: does what its first argument says.
//
// Windows only, and without a console of its own. Other processes ask for it by the names of system
// objects that it holds: such a name is gone exactly when the process is.
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "win32/handle.h"
#include "win32/text.h"

#include <fcntl.h>
#include <io.h>

namespace {

using regwatch::win32::Handle;

std::string name_of_kind(DWORD standard) {
    switch (GetFileType(GetStdHandle(standard))) {
        case FILE_TYPE_PIPE:
            return "pipe";
        case FILE_TYPE_CHAR:
            return "console";
        case FILE_TYPE_DISK:
            return "file";
        default:
            return "none";
    }
}

void print_environment() {
    wchar_t* block = GetEnvironmentStringsW();
    for (const wchar_t* entry = block; *entry != L'\0'; entry += std::wstring(entry).size() + 1)
        std::cout << regwatch::win32::to_utf8(entry) << '\n';
    FreeEnvironmentStringsW(block);
}

// Adds to a file what it was told: its input, its REGWATCH_ variables, and a last line.
void save(const std::wstring& file) {
    std::ofstream out(std::filesystem::path(file), std::ios::binary | std::ios::app);
    out << std::string(std::istreambuf_iterator<char>(std::cin), {});
    wchar_t* block = GetEnvironmentStringsW();
    for (const wchar_t* entry = block; *entry != L'\0'; entry += std::wstring(entry).size() + 1) {
        const std::string text = regwatch::win32::to_utf8(entry);
        if (text.starts_with("REGWATCH_")) out << text << '\n';
    }
    FreeEnvironmentStringsW(block);
    out << "end\n";
}

// Holds an event of that name and never ends.
[[noreturn]] void hold(const std::wstring& name) {
    const Handle held(CreateEventW(nullptr, TRUE, TRUE, name.c_str()));
    for (;;) Sleep(INFINITE);
}

bool exists(const std::wstring& name) {
    return static_cast<bool>(Handle(OpenEventW(SYNCHRONIZE, FALSE, name.c_str())));
}

// Starts itself once more, with our handles, to hold the name; returns when it does.
void start_holder(const wchar_t* self, const std::wstring& name) {
    std::wstring line = L"\"" + std::wstring(self) + L"\" hold " + name;
    STARTUPINFOW startup{};
    startup.cb = sizeof(startup);
    PROCESS_INFORMATION started{};
    if (!CreateProcessW(self, line.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &startup,
                        &started))
        ExitProcess(90);
    const Handle thread(started.hThread);
    const Handle process(started.hProcess);
    while (!exists(name) && WaitForSingleObject(process.get(), 1) == WAIT_TIMEOUT) {
    }
}

// Starts itself that often, to hold a name together; 1 when one of them cannot be started.
int start_others(const wchar_t* self, unsigned long count) {
    for (unsigned long i = 0; i < count; ++i) {
        std::wstring line = L"\"" + std::wstring(self) + L"\" hold regwatch-echo-child-others";
        STARTUPINFOW startup{};
        startup.cb = sizeof(startup);
        PROCESS_INFORMATION started{};
        if (!CreateProcessW(self, line.data(), nullptr, nullptr, FALSE, 0, nullptr, nullptr,
                            &startup, &started))
            return 1;
        const Handle thread(started.hThread);
        const Handle process(started.hProcess);
    }
    return 0;
}

// 0 when it gets that many bytes.
int take_memory(std::uint64_t bytes) {
    return VirtualAlloc(nullptr, static_cast<SIZE_T>(bytes), MEM_COMMIT | MEM_RESERVE,
                        PAGE_READWRITE) == nullptr
               ? 1
               : 0;
}

// Of a handle value that the parent did not mean to pass on.
void set_event_by_value(const std::wstring& value) {
    const auto number = static_cast<std::uintptr_t>(std::stoull(value));
    std::cout << (SetEvent(reinterpret_cast<HANDLE>(number)) ? "set" : "no such handle");
}

// Ctrl-Break for another process, which leads a group, from within its console. Wine 8 fails that
// call for every console; there it is done as Windows itself does it, by a thread in the process.
bool interrupt(DWORD process_id) {
    FreeConsole();
    if (AttachConsole(process_id) && GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, process_id))
        return true;
    const Handle process(OpenProcess(PROCESS_ALL_ACCESS, FALSE, process_id));
    const auto routine = reinterpret_cast<LPTHREAD_START_ROUTINE>(
        reinterpret_cast<void*>(GetProcAddress(GetModuleHandleW(L"kernel32.dll"), "CtrlRoutine")));
    if (!process || routine == nullptr) return false;
    const Handle thread(CreateRemoteThread(process.get(), nullptr, 0, routine,
                                           reinterpret_cast<void*>(CTRL_BREAK_EVENT), 0, nullptr));
    return static_cast<bool>(thread);
}

// In the place of PowerShell, where there is none: what a script would get is saved beside the script.
int stand_in(const std::wstring& script) {
    save(script + L".saved");
    return 0;
}

int run(int count, wchar_t** arguments) {
    const std::wstring what = count > 1 ? arguments[1] : L"";
    const std::wstring more = count > 2 ? arguments[2] : L"";
    if (what == L"-NoLogo") return stand_in(arguments[count - 1]);
    if (what == L"exit") return std::stoi(more);
    if (what == L"arguments") {
        for (int i = 2; i < count; ++i)
            std::cout << '[' << regwatch::win32::to_utf8(arguments[i]) << ']';
    }
    if (what == L"copy") {
        std::cout << std::string(std::istreambuf_iterator<char>(std::cin), {});
        std::cerr << "done";
    }
    if (what == L"environment") print_environment();
    if (what == L"save") save(more);
    if (what == L"folder") {
        std::wstring folder(1024, L'\0');
        folder.resize(GetCurrentDirectoryW(1024, folder.data()));
        std::cout << regwatch::win32::to_utf8(folder);
    }
    if (what == L"kinds") {
        std::cout << name_of_kind(STD_INPUT_HANDLE) << ' ' << name_of_kind(STD_OUTPUT_HANDLE) << ' '
                  << name_of_kind(STD_ERROR_HANDLE);
    }
    if (what == L"write") std::cout << std::string(std::stoul(more), 'x');
    if (what == L"write with an end") std::cout << std::string(std::stoul(more), 'x') << "end";
    if (what == L"write for ever") {
        for (;;) std::cout << std::string(4096, 'x');
    }
    if (what == L"interrupt") return interrupt(std::stoul(more)) ? 0 : 1;
    if (what == L"hold") hold(more);
    if (what == L"start holder") start_holder(arguments[0], more);
    if (what == L"start holder and hang") {
        start_holder(arguments[0], more);
        std::cout << "started" << std::flush;
        hold(more + L"-parent");
    }
    if (what == L"start others") return start_others(arguments[0], std::stoul(more));
    if (what == L"take memory") return take_memory(std::stoull(more));
    if (what == L"set") set_event_by_value(more);
    return 0;
}

}  // namespace

int wmain(int count, wchar_t** arguments) {
    _setmode(_fileno(stdin), _O_BINARY);
    _setmode(_fileno(stdout), _O_BINARY);
    const int code = run(count, arguments);
    std::cout.flush();
    return code;
}
