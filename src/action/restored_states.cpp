#include "action/restored_states.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <optional>
#include <string_view>
#include <utility>

#include "platform/folder.h"
#include "text/fold.h"
#include "text/sha256.h"

namespace regwatch {
namespace {

using Kind = RegistryEdit::Kind;

constexpr std::size_t kDigits = 64;  // of a hash
constexpr std::int64_t kMostRounds = 1'000;

// Of what is read from the file, which has the time of the note: how much later it was written.
constexpr auto kSlack = std::chrono::duration_cast<WallTicks>(std::chrono::seconds(10));

// How exactly the end of a fight is known after a restart.
constexpr auto kOnceInAWhile = std::chrono::duration_cast<WallTicks>(std::chrono::minutes(1));

std::u16string object_of(const KeyPath& key, bool is_value, const std::u16string& name) {
    std::u16string object = key.folded();
    object.push_back(u'\0');
    return is_value ? object + u'v' + fold(name) : object + u'k';
}

void add(Sha256& hash, std::u16string_view text) {
    for (const char16_t unit : text) {
        const std::uint8_t bytes[] = {static_cast<std::uint8_t>(unit & 0xFF),
                                      static_cast<std::uint8_t>(unit >> 8)};
        hash.add(bytes);
    }
}

std::string hash_of(std::u16string_view text) {
    Sha256 hash;
    add(hash, text);
    return hash.finish();
}

// With the object in it, so that equal data of two values has not the same hash.
std::string state_of(const std::u16string& object, bool is_there, const ValueData* data) {
    Sha256 hash;
    add(hash, object);
    add(hash, is_there ? u"+" : u"-");
    if (data != nullptr) {
        add(hash, std::u16string(1, static_cast<char16_t>(data->type)));
        hash.add(data->bytes);
    }
    return hash.finish();
}

std::string state_after(const RegistryEdit& edit) {
    const bool is_there = edit.kind == Kind::set_value || edit.kind == Kind::create_key;
    return state_of(object_of(edit), is_there, edit.kind == Kind::set_value ? &edit.data : nullptr);
}

// The one that the text begins with, and the space after it, off the text.
std::optional<std::int64_t> take_number(std::string_view& text) {
    std::int64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{}) return std::nullopt;
    text.remove_prefix(static_cast<std::size_t>(end - text.data()));
    if (text.starts_with(' ')) text.remove_prefix(1);
    return number;
}

// Of data that is not whole nothing can be told, and nothing of it was written.
std::string state_after(const Change& change) {
    if (change.after && !change.after->whole()) return {};
    const bool is_there = change.after.has_value() || change.kind == DifferenceKind::key_created;
    return state_of(object_of(change), is_there, change.after ? &*change.after : nullptr);
}

}  // namespace

std::u16string object_of(const RegistryEdit& edit) {
    const bool is_value = edit.kind == Kind::set_value || edit.kind == Kind::delete_value;
    return object_of(edit.key, is_value, edit.value_name);
}

std::u16string object_of(const Change& change) {
    return object_of(change.key, is_about_a_value(change.kind), change.value_name);
}

void RestoredStates::note(const RegistryEdit& edit, WallTime now, Fight fight) {
    read_once();
    const std::string object = hash_of(object_of(edit));
    const Written written{state_after(edit), now, fight};
    keep(object, written);
    append(object, written);
}

void RestoredStates::note_given_in(const Change& change, Fight fight) {
    const auto found = written_.find(hash_of(object_of(change)));
    if (found == written_.end()) return;
    Fight& kept = found->second.fight;
    if (fight.rounds == kept.rounds && fight.last - kept.last < kOnceInAWhile) return;
    kept = fight;
    append(found->first, found->second);
}

RestoredStates::Fight RestoredStates::fight_over(const Change& change) {
    read_once();
    const auto found = written_.find(hash_of(object_of(change)));
    return found == written_.end() ? Fight{} : found->second.fight;
}

void RestoredStates::append(const std::string& object, const Written& written) {
    if (path_.empty()) return;
    if (lines_ > 4 * kMostObjects) {
        std::string text;
        for (const auto& [known, state] : written_) text += line_of(known, state);
        if (replace_file(path_, text)) lines_ = written_.size();
        return;
    }
    // Where that fails, the next start may put a state back that nobody had changed; the writing itself
    // is worth more.
    auto file = files_.open_append(path_);
    if (file && (*file)->append(line_of(object, written))) ++lines_;
}

bool RestoredStates::brought_about(const Change& change) {
    read_once();
    const auto found = written_.find(hash_of(object_of(change)));
    return found != written_.end() && found->second.state == state_after(change) &&
           change.not_before <= found->second.at;
}

void RestoredStates::wrote(const RegistryEdit& edit, WallTime now) {
    const auto found = written_.find(hash_of(object_of(edit)));
    if (found != written_.end()) found->second.at = now;
}

std::string RestoredStates::line_of(const std::string& object, const Written& written) const {
    return object + " " + written.state + " " +
           std::to_string(written.at.time_since_epoch().count()) + " " +
           std::to_string(written.fight.rounds) + " " +
           std::to_string(written.fight.last.time_since_epoch().count()) + "\n";
}

void RestoredStates::read_once() {
    if (std::exchange(read_, true) || path_.empty()) return;
    const auto text = read_whole_file(path_);
    if (!text) return;
    std::string_view rest = *text;
    for (std::size_t end = rest.find('\n'); end != std::string_view::npos; end = rest.find('\n')) {
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 1);
        ++lines_;
        constexpr std::size_t kTime = 2 * kDigits + 2;
        if (line.size() <= kTime) continue;
        std::string_view numbers = line.substr(kTime);
        const auto at = take_number(numbers);
        if (!at) continue;
        // Lines of a version that kept no fights end here.
        const auto rounds = take_number(numbers);
        const auto last = take_number(numbers);
        Fight fight;
        if (rounds && last) {
            fight = {static_cast<unsigned>(std::clamp<std::int64_t>(*rounds, 0, kMostRounds)),
                     WallTime(WallTicks(*last))};
        }
        keep(std::string(line.substr(0, kDigits)), {std::string(line.substr(kDigits + 1, kDigits)),
                                                    WallTime(WallTicks(*at)) + kSlack, fight});
    }
}

void RestoredStates::keep(const std::string& object, Written written) {
    written_[object] = std::move(written);
    if (written_.size() > kMostObjects) forget_the_first();
}

void RestoredStates::forget_the_first() {
    written_.erase(std::min_element(
        written_.begin(), written_.end(),
        [](const auto& one, const auto& other) { return one.second.at < other.second.at; }));
}

}  // namespace regwatch
