#include "service/install.h"

#include <utility>

#include "platform/folder.h"
#include "service/console.h"
#include "service/event_source.h"
#include "service/places.h"
#include "service/security_check.h"
#include "service/service_definition.h"
#include "service/service_manager.h"
#include "win32/error.h"
#include "win32/paths.h"
#include "win32/program_files.h"
#include "win32/security.h"
#include "win32/text.h"
#include "win32/windows.h"

namespace regwatch {
namespace {

constexpr std::uint32_t kElevationRequired = 740;  // not in every compiler's winerror.h

void say(const std::string& line) { Console(Console::Stream::output).write_line(line); }

const char* hint_for(std::uint32_t code) {
    switch (code) {
        case ERROR_ACCESS_DENIED:
        case kElevationRequired:
            return "Run this from an elevated prompt (\"Run as administrator\").";
        case ERROR_SERVICE_MARKED_FOR_DELETE:
            return "The service was deleted but somebody still has it open: close services.msc, "
                   "Event Viewer and Task Manager, then run this again.";
        case ERROR_SERVICE_DOES_NOT_EXIST:
            return "There is no such service; --name tells which one is meant.";
        case ERROR_INVALID_SERVICE_CONTROL:
        case ERROR_SERVICE_CANNOT_ACCEPT_CTRL:
            return "The service is still starting; run this again when it runs.";
        default:
            return nullptr;
    }
}

int complain_with_hint(const Error& error) {
    const Console console(Console::Stream::error);
    console.write_line("regwatch: " + error.text());
    if (const char* hint = hint_for(error.code)) console.write_line(hint);
    return error.code != 0 ? static_cast<int>(error.code) : ERROR_GEN_FAILURE;
}

// What somebody has put there before, so that the service should obey him, is not taken over.
Result<void> refuse_unsafe(const Places& places) {
    win32::SystemProgramFiles files;
    const std::string folder = win32::to_utf8(win32::parent_of(win32::to_wide(places.config)));
    std::string all;
    for (const std::string& why :
         why_not_taken_over(places.data_directory, places.config, folder, files))
        all += (all.empty() ? "" : "\n") + why;
    if (all.empty()) return {};
    return Error{ErrorKind::denied, 0, "taking over what is there for", "the service",
                 "others than administrators can change it:\n" + all};
}

Result<void> make_folders(const Places& places) {
    using win32::FolderAccess;
    auto made = win32::create_protected_folder(places.data_directory, FolderAccess::users_may_read);
    if (!made) return made;
    for (const std::string& folder : {places.state_folder, places.log_folder}) {
        made = win32::create_protected_folder(folder, FolderAccess::private_to_us);
        if (!made) return made;
    }
    say("Data directory: " + places.data_directory);
    return {};
}

// "C:" alone, of a file in a drive's root, is no folder that could be made.
Result<void> make_folder_of(const std::string& file) {
    const std::wstring folder = win32::parent_of(win32::to_wide(file));
    const DWORD attributes = GetFileAttributesW((folder + L"\\").c_str());
    if (attributes != INVALID_FILE_ATTRIBUTES) return {};
    return win32::create_protected_folder(win32::to_utf8(folder),
                                          win32::FolderAccess::users_may_read);
}

Result<void> copy_where_missing(const std::string& from, const std::string& to) {
    if (CopyFileW(win32::to_long_path(from).c_str(), win32::to_long_path(to).c_str(), TRUE))
        return {};
    const DWORD code = GetLastError();
    if (code == ERROR_FILE_EXISTS) return {};
    return win32::system_error(code, "copying " + from + " to", to);
}

// What the default configuration includes, and the schema that editors look for beside it.
Result<void> place_packs(const Places& places, const ProgramPlaces& program) {
    const std::string from =
        win32::to_utf8(win32::parent_of(win32::to_wide(program.default_config)));
    const std::string to = win32::to_utf8(win32::parent_of(win32::to_wide(places.config)));
    auto schema = copy_where_missing(join_path(from, "schema.json"), join_path(to, "schema.json"));
    if (!schema) return schema;
    const std::string packs = join_path(to, "packs");
    if (auto made = win32::create_folders(win32::to_wide(packs)); !made) return made;
    const auto files = list_files(join_path(from, "packs"), "", ".json");
    if (!files) return files.error();
    for (const FolderEntry& file : *files) {
        auto copied = copy_where_missing(join_path(join_path(from, "packs"), file.name),
                                         join_path(packs, file.name));
        if (!copied) return copied;
    }
    say("Packs: " + std::to_string(files->size()) + " in " + packs);
    return {};
}

// The default one, and only where there is none: what an administrator wrote is his.
Result<void> place_config(const Places& places, const ProgramPlaces& program) {
    const std::wstring target = win32::to_long_path(places.config);
    if (GetFileAttributesW(target.c_str()) != INVALID_FILE_ATTRIBUTES) {
        say("Configuration: " + places.config + " (it was there and is kept)");
        return {};
    }
    if (auto made = make_folder_of(places.config); !made) return made;
    if (auto copied = copy_where_missing(program.default_config, places.config); !copied)
        return copied;
    say("Configuration: " + places.config + " (the default one; edit it)");
    return place_packs(places, program);
}

Result<void> write_service(const ServiceManager& manager, const CommonOptions& options,
                           const std::string& command_line) {
    const std::string& name = options.service_name;
    const auto written = manager.write(name, command_line);
    if (!written) return written.error();
    say((*written == Written::created ? "Created the service " : "Updated the service ") + name +
        ": " + command_line);
    const auto missing = manager.configure(name);
    if (!missing) return missing.error();
    for (const std::string& setting : *missing)
        say("Warning: this system has no setting for " + setting + "; it was left out.");
    return {};
}

Result<void> install_all(const CommonOptions& options) {
    // First, so that without the rights nothing is changed at all.
    const auto manager = ServiceManager::open();
    if (!manager) return manager.error();
    const auto places = find_places(options);
    if (!places) return places.error();
    const auto program = find_program_places();
    if (!program) return program.error();

    if (auto done = refuse_unsafe(*places); !done) return done;
    if (auto done = make_folders(*places); !done) return done;
    if (auto done = place_config(*places, *program); !done) return done;
    if (auto done = register_event_source(program->event_messages); !done) return done;
    say("Event source: RegWatch in the Application log, texts in " + program->event_messages);

    // Absolute: a service's current folder is System32.
    CommonOptions absolute = options;
    if (!options.config.empty()) absolute.config = places->config;
    if (!options.data_directory.empty()) absolute.data_directory = places->data_directory;
    return write_service(*manager, absolute, service_command_line(program->program, absolute));
}

Result<void> uninstall_service(const ServiceManager& manager, const std::string& name) {
    const auto stopped = manager.stop(name);
    if (!stopped) return stopped.error();
    if (*stopped) say("Stopped the service " + name + ".");
    const auto gone = manager.remove(name);
    if (!gone) return gone.error();
    say("Deleted the service " + name + ".");
    if (!*gone)
        say("It stays in the list until services.msc, Event Viewer and Task Manager are closed.");
    return {};
}

// All instances share one source: while the usual one is installed, it is needed.
Result<void> drop_event_source(const ServiceManager& manager, const std::string& name) {
    const std::string usual = CommonOptions{}.service_name;
    if (name != usual && manager.exists(usual)) return {};
    const auto removed = remove_event_source();
    if (!removed) return removed.error();
    if (*removed) say("Removed the event source RegWatch.");
    return {};
}

Result<void> uninstall_all(const CommonOptions& options) {
    const auto manager = ServiceManager::open();
    if (!manager) return manager.error();
    const auto places = find_places(options);
    if (!places) return places.error();
    const auto done = uninstall_service(*manager, options.service_name);
    // A source without its service is of no use to anybody.
    if (done || done.error().code == ERROR_SERVICE_DOES_NOT_EXIST) {
        const auto dropped = drop_event_source(*manager, options.service_name);
        if (done && !dropped) return dropped;
    }
    if (!done) return done;
    say("Kept: configuration, logs and state, usually in " + places->data_directory + ".");
    return {};
}

}  // namespace

int install(const CommonOptions& options) {
    const auto done = install_all(options);
    if (!done) return complain_with_hint(done.error());
    const std::string& name = options.service_name;
    const bool has_space = name.find(' ') != name.npos;
    say("Start it with: sc.exe start " + (has_space ? quote_argument(name) : name));
    return ERROR_SUCCESS;
}

int uninstall(const CommonOptions& options) {
    const auto done = uninstall_all(options);
    return done ? ERROR_SUCCESS : complain_with_hint(done.error());
}

}  // namespace regwatch
