#include <algorithm>
#include <array>
#include <string_view>
#include <utility>
#include <variant>

#include "service/config_file.h"
#include "service/doctor.h"
#include "service/event_source.h"
#include "service/security_check.h"
#include "service/service_control.h"
#include "win32/append_file.h"
#include "win32/paths.h"
#include "win32/program_files.h"
#include "win32/windows.h"

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

std::string without_full_stop(std::string sentence) {
    if (sentence.ends_with('.')) sentence.pop_back();
    return sentence;
}

// One for each place that is unsafe; where none is, that all are good.
std::vector<Finding> are_protected(const char* check, const std::vector<std::string>& paths,
                                   PlaceKind kind, const std::string& all) {
    win32::SystemProgramFiles files;
    const std::string no_owners = files.no_owners_because();
    if (!no_owners.empty())
        return {{check,
                 Health::unknown,
                 "Who can write to " + all + " is not known: " + no_owners,
                 {}}};
    std::vector<Finding> findings;
    for (const std::string& path : paths) {
        // The repair is at the end of what is said.
        std::string why = without_full_stop(why_unsafe(path, kind, files));
        if (why.empty()) continue;
        constexpr std::string_view kRepairIt = "; repair it with: ";
        const std::size_t end = std::min(why.find(kRepairIt), why.size());
        const std::string repair =
            end == why.size() ? std::string() : why.substr(end + kRepairIt.size());
        findings.push_back({check, Health::bad, why.substr(0, end) + ".", repair});
    }
    if (findings.empty())
        findings.push_back(
            {check, Health::good, "Only administrators can write to " + all + ".", {}});
    return findings;
}

std::vector<Finding> data_directory_is_protected(const DoctorContext& context) {
    const std::string& folder = context.places.data_directory;
    const DWORD attributes = GetFileAttributesW(win32::to_long_path(folder).c_str());
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return {{"data_directory", Health::bad, "There is no data directory " + folder + ".",
                 repeat(context, kInstall)}};
    return are_protected("data_directory", {folder}, PlaceKind::folder, folder);
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
    auto loaded = load_config(file);
    if (!loaded) return {{"config", Health::bad, loaded.error().text() + ".", repair}};
    win32::SystemFiles files;
    judge_on_this_machine(*loaded, files);
    if (!loaded->settings)
        return {{"config", Health::bad,
                 "The configuration " + file + " has " + std::to_string(loaded->problems.size()) +
                     " problem(s).",
                 repair}};
    std::vector<Finding> findings = {
        {"config", Health::good, "The configuration " + file + " is good.", {}}};
    for (Finding& finding : programs_exist(*loaded->settings))
        findings.push_back(std::move(finding));
    for (Finding& finding : are_protected("config_files", loaded->files, PlaceKind::file,
                                          "the files of the configuration"))
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
