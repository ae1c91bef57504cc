#include <algorithm>
#include <chrono>
#include <utility>

#include "settings/nearest_name.h"
#include "settings/object_reader.h"
#include "settings/readers.h"
#include "settings/values.h"
#include "settings/windows_path.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

// What Windows takes as one command line, less some room for the program's own name.
constexpr std::size_t kMaxCommandLine = 30'000;
constexpr std::size_t kMaxBatchCommandLine = 7'000;

std::string read_folder(ObjectReader& reader, std::string_view field) {
    const std::string* const text = reader.text(field);
    if (text == nullptr) return {};
    const std::string complaint = path_complaint(*text);
    if (!complaint.empty()) reader.refuse(field, complaint, control_character_at(*text));
    return *text;
}

LogSettings read_log(ObjectReader& reader) {
    LogSettings log;
    log.folder = read_folder(reader, "folder");
    if (const auto size = reader.number("max_file_size")) log.max_file_size = *size;
    if (const auto files = reader.number("max_files")) {
        log.max_files = static_cast<std::uint32_t>(*files);
    }
    return log;
}

// Where the character stands that an argument may not have, if it is one that cannot be seen.
std::size_t refused_control(std::string_view argument, bool for_batch_file) {
    const std::size_t nul = argument.find('\0');
    const std::size_t bad = nul == std::string_view::npos && for_batch_file
                                ? argument.find_first_of(kRefusedInBatchArguments)
                                : nul;
    const std::size_t control =
        control_character_at(argument.substr(std::min(bad, argument.size())));
    return control == 0 ? bad : ObjectReader::kWhole;
}

std::vector<std::string> read_arguments(ObjectReader& reader, bool for_batch_file) {
    std::vector<std::string> arguments;
    const std::vector<JsonNode>* const entries = reader.children("arguments");
    if (entries == nullptr) return arguments;
    std::size_t length = 0;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const std::string& text = (*entries)[i].text;
        const std::string complaint = argument_complaint(text, for_batch_file);
        if (!complaint.empty())
            reader.refuse_entry("arguments", i, complaint, refused_control(text, for_batch_file));
        length += text.size() + 3;  // two quotes and a blank
        arguments.push_back(text);
    }
    const std::size_t limit = for_batch_file ? kMaxBatchCommandLine : kMaxCommandLine;
    if (length > limit) {
        reader.refuse("arguments", "is longer than the " + std::to_string(limit) +
                                       " characters that fit on a command line");
    }
    return arguments;
}

// Ours would be overwritten all the same; to refuse them says so.
constexpr std::string_view kOwnPrefix = "REGWATCH_";

std::vector<std::pair<std::string, std::string>> read_environment(ObjectReader& reader) {
    std::vector<std::pair<std::string, std::string>> variables;
    const std::vector<JsonNode>* const entries = reader.children("environment");
    if (entries == nullptr) return variables;
    for (std::size_t i = 0; i < entries->size(); ++i) {
        const std::string& text = (*entries)[i].text;
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) {
            reader.refuse_entry("environment", i, "has no name and '='");
        } else if (lower_ascii(text).starts_with(lower_ascii(kOwnPrefix))) {
            reader.refuse_entry("environment", i, "begins with REGWATCH_, which is RegWatch's own");
        } else if (!first_control_character(text).empty()) {
            reader.refuse_entry("environment", i,
                                "holds the control character " + first_control_character(text),
                                control_character_at(text));
        } else {
            variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        }
    }
    return variables;
}

std::string read_hash(ObjectReader& reader) {
    const std::string* const text = reader.text("sha256");
    if (text == nullptr) return {};
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string hash = lower_ascii(*text);
    if (hash.size() != 64 || hash.find_first_not_of(kDigits) != std::string::npos) {
        reader.refuse("sha256", "is not a SHA-256");
    }
    return hash;
}

ProgramSettings read_program(ObjectReader& reader) {
    ProgramSettings program;
    if (const std::string* file = reader.text("file")) {
        const std::string complaint = program_complaint(*file);
        if (!complaint.empty()) reader.refuse("file", complaint, control_character_at(*file));
        program.file = *file;
    }
    program.arguments = read_arguments(reader, is_batch_file(program.file));
    program.working_directory = read_folder(reader, "working_directory");
    if (const auto timeout = reader.number("timeout")) {
        program.timeout = std::chrono::milliseconds(*timeout);
    }
    program.environment = read_environment(reader);
    program.sha256 = read_hash(reader);
    if (const auto policy = reader.choice("unsafe_files")) {
        program.unsafe_files = static_cast<UnsafeFiles>(*policy);
    }
    if (const auto limit = reader.number("output_limit")) program.output_limit = *limit;
    if (const auto count = reader.number("max_processes")) {
        program.max_processes = static_cast<std::uint32_t>(*count);
    }
    if (const auto memory = reader.number("max_memory")) program.max_memory = *memory;
    if (const auto policy = reader.choice("execution_policy")) {
        program.execution_policy = kProgramSection.find("execution_policy")->choices[*policy];
    }
    return program;
}

// The type decides which fields there are, so it is looked at before them. Nothing: report it.
const SettingsSection* section_of(const JsonNode& node) {
    for (const JsonNode& child : node.children) {
        if (child.name != "type" || child.kind != JsonKind::string) continue;
        const auto types = action_types();
        for (std::size_t i = 0; i < types.size(); ++i) {
            if (child.text == types[i]) return &action_section(i);
        }
    }
    return nullptr;
}

// Only the type, or what was meant to be it: with it unknown, nobody can say which of the other
// fields are right.
void report_type(const JsonNode& node, const JsonPath& path, ProblemList& problems) {
    JsonNode only_type;
    only_type.kind = JsonKind::object;
    only_type.offset = node.offset;
    constexpr std::string_view kType[] = {"type"};
    for (const JsonNode& child : node.children) {
        if (!nearest_name(child.name, kType).empty()) only_type.children.push_back(child);
    }
    const SettingsSection section{"an action of any type", {}, kEventLogSection.common};
    const ObjectReader reader(only_type, path, section, problems);
}

}  // namespace

ReadAction read_action(const JsonNode& node, const JsonPath& path, ProblemList& problems) {
    ReadAction action;
    action.settings.name = node.name;
    if (node.kind != JsonKind::object) {
        problems.add(path, node.offset,
                     "found " + describe(node) +
                         "; an action is an object such as {\"type\": \"eventlog\"}");
        return action;
    }
    const SettingsSection* const section = section_of(node);
    if (section == nullptr) {
        report_type(node, path, problems);
        return action;
    }
    ObjectReader reader(node, path, *section, problems);
    if (section == &kLogSection) {
        action.settings.what = read_log(reader);
    } else if (section == &kProgramSection) {
        action.settings.what = read_program(reader);
    } else if (section == &kRestoreSection) {
        action.settings.what = RestoreSettings{};
    } else {
        action.settings.what = EventLogSettings{};
    }
    if (const auto limit = reader.number("queue_limit")) {
        action.settings.queue_limit = static_cast<std::size_t>(*limit);
    }
    if (const auto patience = reader.number("retry_for")) {
        action.settings.retry_for = std::chrono::milliseconds(*patience);
    }
    if (const auto limit = reader.number("rate_limit")) {
        action.settings.rate_limit = static_cast<std::uint32_t>(*limit);
    }
    if (const auto limit = reader.number("total_rate_limit")) {
        action.settings.total_rate_limit = static_cast<std::uint32_t>(*limit);
    }
    action.settings.when = read_when(reader);
    action.enabled = reader.flag("enabled", true);
    return action;
}

}  // namespace regwatch
