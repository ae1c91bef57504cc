#include <array>
#include <utility>
#include <variant>

#include "service/config_file.h"
#include "service/doctor.h"
#include "service/event_source.h"
#include "service/service_control.h"
#include "win32/handle.h"
#include "win32/paths.h"
#include "win32/text.h"
#include "win32/windows.h"

#include <aclapi.h>

namespace regwatch {
namespace {

constexpr const char* kInstall = "regwatch install";
constexpr const char* kRepair = "regwatch doctor --repair";

std::string repeat(const DoctorContext& context, const char* command) {
    const std::string& name = context.options.service_name;
    return std::string(command) +
           (name == CommonOptions{}.service_name ? "" : " --name \"" + name + "\"");
}

bool file_exists(const std::string& path) {
    const DWORD attributes = GetFileAttributesW(win32::to_long_path(path).c_str());
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY) == 0;
}

std::vector<Finding> service_is_installed(const DoctorContext& context) {
    const std::string& name = context.options.service_name;
    if (!context.image_path.empty())
        return {{"service", Health::good, "The service " + name + " is installed.", {}}};
    return {
        {"service", Health::bad, "There is no service " + name + ".", repeat(context, kInstall)}};
}

std::vector<Finding> image_path_is_quoted(const DoctorContext& context) {
    if (context.image_path.empty()) return {};
    Finding finding{"image_path", Health::good, "Its command line is quoted: " + context.image_path,
                    repeat(context, kInstall)};
    if (context.image_path.front() == '"') return {finding};
    finding.found = "Its command line begins without a quote: " + context.image_path;
    const std::size_t program = context.image_path.find(".exe");
    const bool has_space = context.image_path.substr(0, program).find(' ') != std::string::npos;
    if (has_space) {
        finding.health = Health::bad;
        finding.found += "; another program could be started in its place";
    } else {
        finding.found += " (there is no space in it that would matter)";
    }
    return {finding};
}

std::vector<Finding> service_runs(const DoctorContext& context) {
    const auto now = ask_service(context.options.service_name);
    if (!now) return {};
    if (now->state == SERVICE_RUNNING) return {{"running", Health::good, "It is running.", {}}};
    return {{"running", Health::bad, "It is not running.", repeat(context, "regwatch start")}};
}

std::vector<Finding> restarts_after_failures(const DoctorContext& context) {
    if (context.image_path.empty()) return {};
    const auto restarts = service_restarts(context.options.service_name);
    const std::string repair = repeat(context, kInstall);
    if (!restarts)
        return {{"restarts",
                 Health::unknown,
                 "Whether it is started again after a failure is not known: " +
                     restarts.error().text() + ".",
                 {}}};
    if (*restarts > 0)
        return {{"restarts", Health::good, "It is started again after a failure.", {}}};
    return {{"restarts", Health::bad, "It is not started again after a failure.", repair}};
}

std::vector<Finding> event_source_is_registered(const DoctorContext& /*context*/) {
    const auto source = find_event_source();
    if (!source)
        return {{"event_source", Health::bad,
                 "The event source is not registered: Event Viewer cannot show the texts.",
                 kRepair}};
    const std::string& file = source->messages;
    if (is_foreign_message_file(file))
        return {{"event_source", Health::bad,
                 "The event source RegWatch is another program's: its texts are in " + file + ".",
                 std::string("remove that program, or the key "
                             "HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\"
                             "RegWatch if the program is gone; then '") +
                     kRepair + "'"}};
    if (!file_exists(file))
        return {{"event_source", Health::bad,
                 "The texts of the events are missing: there is no file " + file + ".",
                 std::string("copy regwatch-events.dll there, or run '") + kRepair +
                     "' from the folder that has it"}};
    if (!source->is_whole)
        return {{"event_source", Health::bad,
                 "The event source lacks its categories or types, or they are not RegWatch's.",
                 kRepair}};
    return {{"event_source", Health::good, "Event source and texts: " + file, {}}};
}

// Whom the system trusts with everything anyway.
bool is_trusted(PSID sid) {
    for (const WELL_KNOWN_SID_TYPE known :
         {WinLocalSystemSid, WinBuiltinAdministratorsSid, WinCreatorOwnerSid}) {
        if (IsWellKnownSid(sid, known)) return true;
    }
    // NT SERVICE\…, TrustedInstaller among them.
    const auto* const authority = GetSidIdentifierAuthority(sid);
    return authority->Value[5] == 5 && *GetSidSubAuthorityCount(sid) > 1 &&
           *GetSidSubAuthority(sid, 0) == SECURITY_SERVICE_ID_BASE_RID;
}

bool somebody_else_may_write(PACL list) {
    constexpr DWORD kWrites = FILE_ADD_FILE | FILE_ADD_SUBDIRECTORY | FILE_DELETE_CHILD | DELETE |
                              WRITE_DAC | WRITE_OWNER | GENERIC_WRITE | GENERIC_ALL;
    for (DWORD i = 0; i < list->AceCount; ++i) {
        void* entry = nullptr;
        if (!GetAce(list, i, &entry)) continue;
        const auto* const ace = static_cast<ACCESS_ALLOWED_ACE*>(entry);
        if (ace->Header.AceType != ACCESS_ALLOWED_ACE_TYPE || (ace->Mask & kWrites) == 0) continue;
        if (!is_trusted(&static_cast<ACCESS_ALLOWED_ACE*>(entry)->SidStart)) return true;
    }
    return false;
}

std::vector<Finding> data_directory_is_protected(const DoctorContext& context) {
    const std::string& folder = context.places.data_directory;
    Finding finding{"data_directory", Health::good,
                    "Only administrators can write to " + folder + ".",
                    "icacls \"" + folder +
                        "\" /inheritance:r /grant \"*S-1-5-18:(OI)(CI)F\" "
                        "\"*S-1-5-32-544:(OI)(CI)F\""};
    PACL list = nullptr;
    win32::LocalPtr<void> descriptor;
    const DWORD code = GetNamedSecurityInfoW(
        win32::to_wide(folder).c_str(), SE_FILE_OBJECT, DACL_SECURITY_INFORMATION, nullptr, nullptr,
        &list, nullptr, reinterpret_cast<PSECURITY_DESCRIPTOR*>(descriptor.receive()));
    if (code == ERROR_FILE_NOT_FOUND || code == ERROR_PATH_NOT_FOUND)
        return {{"data_directory", Health::bad, "There is no data directory " + folder + ".",
                 repeat(context, kInstall)}};
    if (code != ERROR_SUCCESS) {
        finding.health = Health::unknown;
        finding.found =
            "Who can write to " + folder + " is not known (error " + std::to_string(code) + ").";
        finding.repair.clear();
    } else if (list == nullptr || somebody_else_may_write(list)) {
        finding.health = Health::bad;
        finding.found = "Others than administrators can write to " + folder + ".";
    }
    return {finding};
}

std::vector<Finding> programs_exist(const Settings& settings) {
    std::vector<Finding> findings;
    for (const ActionSettings& action : settings.actions) {
        const auto* const program = std::get_if<ProgramSettings>(&action.what);
        if (program == nullptr) continue;
        const auto file = win32::expand_environment(program->file);
        const std::string& path = file ? *file : program->file;
        const bool there = file_exists(path);
        findings.push_back({"program_of_" + action.name, there ? Health::good : Health::bad,
                            "Action " + action.name +
                                (there ? ": the program " : ": there is no program ") + path +
                                (there ? " is there." : "."),
                            "put the file there, or correct \"file\" of the action"});
    }
    return findings;
}

std::vector<Finding> config_is_good(const DoctorContext& context) {
    const std::string& file = context.places.config;
    const std::string repair = repeat(context, "regwatch check") + " says what is wrong";
    const auto loaded = load_config(file);
    if (!loaded) return {{"config", Health::bad, loaded.error().text() + ".", repair}};
    if (!loaded->settings)
        return {{"config", Health::bad,
                 "The configuration " + file + " has " + std::to_string(loaded->problems.size()) +
                     " problem(s).",
                 repair}};
    std::vector<Finding> findings = {
        {"config", Health::good, "The configuration " + file + " is good.", {}}};
    for (Finding& finding : programs_exist(*loaded->settings))
        findings.push_back(std::move(finding));
    return findings;
}

}  // namespace

std::optional<Finding> repair_event_source() {
    const Finding before = event_source_is_registered({}).front();
    if (before.health == Health::good) return std::nullopt;
    Finding outcome{"event_source_repair", Health::bad, "The event source was not repaired: ", {}};
    const auto program = find_program_places();
    if (!program) {
        outcome.found += program.error().text() + ".";
        return outcome;
    }
    const std::string& texts = program->event_messages;
    if (!file_exists(texts)) {
        outcome.found += "there is no file " + texts + ".";
        outcome.repair = "copy regwatch-events.dll there from where RegWatch came from";
        return outcome;
    }
    if (const auto done = register_event_source(texts); !done) {
        outcome.found += done.error().text() + ".";
        return outcome;
    }
    return Finding{"event_source_repair",
                   Health::good,
                   "Repaired: the event source is registered, with the texts in " + texts + ".",
                   {}};
}

std::span<const DoctorCheck> doctor_checks() noexcept {
    static constexpr std::array<DoctorCheck, 7> kChecks = {
        service_is_installed,    image_path_is_quoted,       service_runs,
        restarts_after_failures, event_source_is_registered, data_directory_is_protected,
        config_is_good,
    };
    return kChecks;
}

}  // namespace regwatch
