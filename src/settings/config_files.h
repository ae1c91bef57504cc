// The file that was asked for and all that it includes, each read and parsed once.
//
// One thread. Files are found by name alone; who reads them is the caller's source. What is wrong
// with an `include` is reported in the file where it stands, what is wrong with a file in that file.
// Bounded: kMaxConfigFiles, and kMaxConfigBytes for all of them together.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "settings/decoding.h"
#include "settings/json_tree.h"
#include "settings/loader.h"
#include "settings/object_reader.h"
#include "settings/problem_list.h"

namespace regwatch {

inline constexpr std::size_t kMaxConfigFiles = 64;

// Where it stands is an offset still.
struct ReadPattern {
    std::size_t offset = 0;
    LocatedPattern pattern;
};

struct ConfigFile {
    ConfigFile(std::string its_name, std::string_view bytes, const ConfigFile* its_includer);
    ConfigFile(const ConfigFile&) = delete;
    ConfigFile& operator=(const ConfigFile&) = delete;

    // Null when the file is no object at all, which is reported by then.
    [[nodiscard]] const ObjectReader* fields() const { return reader ? &*reader : nullptr; }

    const std::string name;
    const ConfigFile* const includer;  // null: the file that was asked for
    const DecodedText decoded;
    ProblemList problems;
    JsonDocument document;
    const JsonPath root;
    std::optional<ObjectReader> reader;
    std::vector<ReadPattern> patterns;  // in the order of the file
    std::vector<std::string> missed;  // places of includes that were there to be read, and were not
};

// In the order in which they are included; the first is the one that was asked for.
using ConfigFiles = std::vector<std::unique_ptr<ConfigFile>>;

[[nodiscard]] ConfigFiles read_config_files(std::string_view bytes, const std::string& file_name,
                                            const ConfigSource& source);

}  // namespace regwatch
