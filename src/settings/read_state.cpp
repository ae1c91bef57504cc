#include <chrono>
#include <optional>

#include "settings/readers.h"
#include "settings/wording.h"

namespace regwatch {
namespace {

std::optional<Duration> read_duration(const ObjectReader& reader, std::string_view field) {
    const auto number = reader.number(field);
    if (!number) return std::nullopt;
    return std::chrono::milliseconds(*number);
}

StateSettings read_fields(const ObjectReader& reader) {
    StateSettings state;
    if (const auto unseen = reader.choice("on_first_start")) {
        state.on_first_start = static_cast<Unseen>(*unseen);
    }
    state.heartbeat = read_duration(reader, "heartbeat").value_or(state.heartbeat);
    state.history_age = read_duration(reader, "history_age").value_or(state.history_age);
    state.history_count = reader.number("history_count").value_or(state.history_count);
    state.pending_age = read_duration(reader, "pending_age").value_or(state.pending_age);
    state.pending_count = reader.number("pending_count").value_or(state.pending_count);
    return state;
}

}  // namespace

StateSettings read_state(const ConfigFiles& files) {
    StateSettings state;
    const ConfigFile* first = nullptr;
    std::size_t first_at = 0;
    for (const auto& file : files) {
        const JsonNode* const node = file->reader ? file->reader->node("state") : nullptr;
        if (node == nullptr) continue;
        const JsonPath path = file->reader->path_of("state");
        const ObjectReader reader(*node, path, kStateSection, file->problems);
        if (first != nullptr) {
            file->reader->refuse("state", "is there a second time: the first is in " +
                                              first->problems.line_of(first_at) + " of " +
                                              in_quotes(first->name));
            continue;
        }
        first = file.get();
        first_at = node->offset;
        state = read_fields(reader);
    }
    return state;
}

}  // namespace regwatch
