#include "settings/config_files.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

#include "settings/nearest_name.h"
#include "settings/values.h"
#include "settings/windows_path.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

constexpr const char* kEmpty =
    "the file is empty; a config is an object with the fields \"watches\" and \"actions\"";

void add_json_error(const JsonError& error, ProblemList& problems) {
    std::string message = error.message;
    if (error.left_open) {
        message +=
            "; the bracket opened in " + problems.line_of(*error.left_open) + " is not closed";
    }
    problems.add_at_pointer(error.pointer, error.offset, std::move(message));
}

// With the separator that ends it; empty: the name is without a folder.
std::string_view folder_of(std::string_view file) {
    const std::size_t slash = file.find_last_of("\\/");
    return slash == std::string_view::npos ? std::string_view() : file.substr(0, slash + 1);
}

char separator_of(std::string_view folder) noexcept {
    return !folder.empty() && folder.back() == '\\' ? '\\' : '/';
}

bool is_path(std::string_view entry) { return lower_ascii(entry).ends_with(".json"); }

bool is_absolute(std::string_view path) {
    return path.starts_with('/') || path.starts_with('\\') || (path.size() > 1 && path[1] == ':');
}

std::string packs_folder(std::string_view file) {
    const std::string_view folder = folder_of(file);
    return std::string(folder) + "packs" + separator_of(folder);
}

// From the root file's folder: packs may include packs.
std::string place_of(std::string_view entry, const ConfigFile& file, std::string_view root_file) {
    if (!is_path(entry)) return packs_folder(root_file) + std::string(entry) + ".json";
    if (is_absolute(entry)) return std::string(entry);
    return std::string(folder_of(file.name)) + std::string(entry);
}

// Equal for two spellings of one file, as far as that is known without asking the system.
std::u16string identity(std::string_view path) {
    std::vector<std::string> parts;
    std::string part;
    const auto finish = [&] {
        const bool climbs = part == ".." && !parts.empty() && parts.back() != "..";
        if (climbs) {
            parts.pop_back();
        } else if (part != "." && !(part.empty() && !parts.empty())) {
            parts.push_back(part);
        }
        part.clear();
    };
    for (const char c : path) {
        if (is_slash(c)) {
            finish();
        } else {
            part += c;
        }
    }
    finish();
    std::string plain;
    for (const std::string& one : parts) plain += one + "\\";
    return folded_folder(plain);
}

class FileReader {
public:
    FileReader(const std::string& root_file, const ConfigSource& source)
        : root_file_(root_file), source_(source) {}

    void read(std::string name, std::string_view bytes, const ConfigFile* includer) {
        bytes_ += bytes.size();
        known_.emplace(identity(name), files_.size());
        files_.push_back(std::make_unique<ConfigFile>(std::move(name), bytes, includer));
        include_from(*files_.back());
    }

    ConfigFiles take() && { return std::move(files_); }

private:
    void include_from(ConfigFile& file) {
        if (!file.reader) return;
        const std::vector<JsonNode>* const entries = file.reader->children("include");
        if (entries == nullptr) return;
        for (std::size_t i = 0; i < entries->size(); ++i) {
            if ((*entries)[i].kind != JsonKind::string) continue;
            const std::string& entry = (*entries)[i].text;
            const std::string complaint = complaint_about(entry);
            if (!complaint.empty()) {
                file.reader->refuse_entry("include", i, complaint, control_character_at(entry));
                continue;
            }
            include(file, i, place_of(entry, file, root_file_));
        }
    }

    static std::string complaint_about(const std::string& entry) {
        const std::string control = first_control_character(entry);
        if (!control.empty()) {
            return "holds the control character " + control + " (in JSON, double the backslash)";
        }
        if (entry.find('%') != std::string::npos) {
            return "holds a '%'; variables are not looked up here, a path begins where this file "
                   "is";
        }
        if (is_path(entry)) return {};
        const std::string complaint = name_complaint(entry);
        return complaint.empty() ? "" : complaint + " and does not end in .json either";
    }

    void include(ConfigFile& file, std::size_t index, const std::string& place) {
        const auto refuse = [&](const std::string& why) {
            file.reader->refuse_entry("include", index, why);
        };
        for (const ConfigFile* one = &file; one != nullptr; one = one->includer) {
            if (identity(one->name) != identity(place)) continue;
            return refuse(one == &file ? "is this file itself"
                                       : "is the file that this one is included from, " +
                                             in_quotes(one->name));
        }
        if (const auto earlier = known_.find(identity(place)); earlier != known_.end()) {
            const ConfigFile* const includer = files_[earlier->second]->includer;
            return refuse("is included already, by " + in_quotes(includer->name));
        }
        if (files_.size() == kMaxConfigFiles) {
            return refuse("is one file too many; there may be " + std::to_string(kMaxConfigFiles));
        }
        if (!source_.read) return refuse("cannot be read from here");
        const Result<std::string> bytes = source_.read(place);
        const bool is_too_large = bytes && bytes_ + bytes->size() > kMaxConfigBytes;
        if (!bytes || is_too_large) file.missed.push_back(place);
        if (!bytes) return refuse("cannot be read: " + bytes.error().reason + nearest(place));
        if (is_too_large) {
            return refuse("is too large; all files together may have " +
                          std::to_string(kMaxConfigBytes) + " bytes (16MB)");
        }
        read(place, *bytes, &file);
    }

    // The pack that was meant, perhaps.
    [[nodiscard]] std::string nearest(const std::string& place) const {
        if (!source_.packs) return {};
        const std::string folder = packs_folder(root_file_);
        if (!place.starts_with(folder)) return {};
        const std::vector<std::string> packs = source_.packs(folder);
        const std::vector<std::string_view> names(packs.begin(), packs.end());
        const std::string_view file = std::string_view(place).substr(folder.size());
        return did_you_mean(nearest_name(file.substr(0, file.size() - 5), names));
    }

    const std::string& root_file_;
    const ConfigSource& source_;
    ConfigFiles files_;
    std::unordered_map<std::u16string, std::size_t> known_;
    std::size_t bytes_ = 0;
};

}  // namespace

ConfigFile::ConfigFile(std::string its_name, std::string_view bytes, const ConfigFile* its_includer)
    : name(std::move(its_name)),
      includer(its_includer),
      decoded(decode_config(bytes)),
      problems(name, decoded.text) {
    if (!decoded.problem.empty()) {
        if (decoded.has_place) {
            problems.add(root, decoded.text.size(), decoded.problem);
        } else {
            problems.add_without_place(decoded.problem);
        }
        return;
    }
    document = read_json(decoded.text);
    const JsonNode& node = document.root;
    if (document.is_blank) {
        problems.add_without_place(kEmpty);
    } else if (document.error) {
        add_json_error(*document.error, problems);
    } else if (node.kind != JsonKind::object) {
        problems.add(root, node.offset,
                     "found " + describe(node) +
                         "; a config is an object with the fields \"watches\" and \"actions\"");
    } else {
        reader.emplace(node, root, kConfigSection, problems);
    }
}

ConfigFiles read_config_files(std::string_view bytes, const std::string& file_name,
                              const ConfigSource& source) {
    FileReader reader(file_name, source);
    reader.read(file_name, bytes, nullptr);
    return std::move(reader).take();
}

}  // namespace regwatch
