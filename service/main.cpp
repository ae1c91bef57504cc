// The program's way in: arguments -> command -> exit code.
#include <exception>

#include "service/arguments.h"
#include "service/commands.h"
#include "service/console.h"
#include "service/exit_code.h"
#include "win32/windows.h"

namespace {

int complain(const char* what) noexcept {
    const regwatch::Console error(regwatch::Console::Stream::error);
    error.write("regwatch: a defect of this program: ");
    error.write(what);
    error.write("\n");
    return static_cast<int>(regwatch::ExitCode::failure);
}

}  // namespace

int wmain() {
    // Before anything else is loaded: a DLL that somebody put beside the program, or into the
    // current folder, is not ours.
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32);
    try {
        return regwatch::execute(regwatch::parse_command_line(regwatch::process_arguments()));
    } catch (const std::exception& caught) {
        return complain(caught.what());
    } catch (...) {
        return complain("an unknown exception");
    }
}
