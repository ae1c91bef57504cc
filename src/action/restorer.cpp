#include "action/restorer.h"

#include <algorithm>
#include <utility>

#include "action/as_left.h"
#include "change/data_text.h"
#include "text/utf.h"

namespace regwatch {

namespace {

using Kind = RegistryEdit::Kind;

// One more than was written: the rounds of a fight that was given up.
constexpr unsigned kGivenIn = Restorer::kMostInARow + 1;

// Whether the change leads to exactly what the edit writes.
bool is_result_of(const Change& change, const RegistryEdit& edit) {
    switch (edit.kind) {
        case Kind::set_value:
            return change.after == edit.data;
        case Kind::delete_value:
            return change.kind == DifferenceKind::value_deleted;
        case Kind::create_key:
            return change.kind == DifferenceKind::key_created;
        case Kind::delete_key:
            return change.kind == DifferenceKind::key_deleted;
    }
    return false;
}

std::string shown_data(const std::optional<ValueData>& data) {
    constexpr std::size_t kMostUnits = 200;
    if (!data) return "(none)";
    return to_utf8(clip_readable(to_text(*data), kMostUnits));
}

}  // namespace

Result<void> carry_out(const RegistryEdit& edit, RegistryWriter& writer) {
    const auto unless_gone = [](const Result<void>& done) {
        const bool is_gone = !done && (done.error().kind == ErrorKind::not_found ||
                                       done.error().kind == ErrorKind::gone);
        return is_gone ? Result<void>() : done;
    };
    switch (edit.kind) {
        case Kind::set_value: {
            auto written = writer.set_value(edit.key, edit.value_name, edit.data);
            if (written || written.error().kind != ErrorKind::not_found) return written;
            // Its key is gone: a key that was deleted comes back with what was in it.
            if (auto made = writer.create_key(edit.key); !made) return made;
            return writer.set_value(edit.key, edit.value_name, edit.data);
        }
        case Kind::delete_value:
            return unless_gone(writer.delete_value(edit.key, edit.value_name));
        case Kind::create_key:
            return writer.create_key(edit.key);
        case Kind::delete_key:
            return unless_gone(writer.delete_key(edit.key));
    }
    return {};
}

WallTime Restorer::rests_until(const Change& change) {
    return change.detected_at + std::chrono::duration_cast<WallTicks>(kQuiet);
}

Restorer::Outcome Restorer::restore(const Change& change) {
    Fight& fight = fight_over(change);
    if (written_.brought_about(change)) {
        fight.target.reset();
        return {Verdict::own_write, {}};
    }
    const bool goes_on = fight.change == change.id || same_data(fight.left, change.before);
    std::optional<RegistryEdit> edit = inverse_edit(change);
    if (fight.target && goes_on) edit = fight.target;
    if (!edit) return {Verdict::not_undoable, why_no_inverse_edit(change) + "."};
    if (is_result_of(change, *edit)) {
        fight.target.reset();
        return {Verdict::own_write, {}};
    }
    if (change.detected_at - fight.last >= std::chrono::duration_cast<WallTicks>(kQuiet)) {
        fight.rounds = 0;
        fight.given_up = false;
    }
    fight.last = change.detected_at;
    fight.change = change.id;
    fight.left = change.after;
    fight.target.reset();  // what is given in to is what is there from then on
    if (!fight.given_up && fight.rounds < kMostInARow) {
        fight.target = edit;
        return put_back(change, *edit, fight);
    }
    const bool is_new = !std::exchange(fight.given_up, true);
    written_.note_given_in(change, {kGivenIn, fight.last});
    if (!is_new) return {Verdict::resting, {}};
    return {Verdict::gave_up,
            "the watch " + change.watch + " had it put back " + std::to_string(kMostInARow) +
                " times in a row, and somebody wrote " + shown_data(change.after) +
                " again; it is left alone until it is quiet for 10 minutes."};
}

Restorer::Outcome Restorer::put_back(const Change& change, const RegistryEdit& edit, Fight& fight) {
    const auto since = changed_since(change, ports_.registry);
    if (!since) {
        return {Verdict::failed, since.error().text() + ".",
                since.error().kind == ErrorKind::transient};
    }
    if (!since->empty()) return {Verdict::overtaken, *since};
    const WritingTime::Turn writing(ports_.writing);
    if (!writing) return {Verdict::put_off, "the service stops."};
    written_.note(edit, ports_.clock.wall_now(), {fight.rounds + 1, fight.last});
    const auto done = carry_out(edit, ports_.writer);
    if (!done) {
        return {Verdict::failed, done.error().text() + ".",
                done.error().kind == ErrorKind::transient};
    }
    written_.wrote(edit, ports_.clock.wall_now());
    ++fight.rounds;
    return {Verdict::restored, {}};
}

Restorer::Fight& Restorer::fight_over(const Change& change) {
    std::u16string object = object_of(change);
    if (fights_.size() >= kMostFights && !fights_.contains(object)) {
        fights_.erase(std::min_element(fights_.begin(), fights_.end(),
                                       [](const auto& one, const auto& other) {
                                           return one.second.last < other.second.last;
                                       }));
    }
    const auto [place, is_new] = fights_.try_emplace(std::move(object));
    Fight& fight = place->second;
    if (is_new) {
        const RestoredStates::Fight before = written_.fight_over(change);
        fight.last = before.last;
        fight.given_up = before.rounds >= kGivenIn;
        fight.rounds = before.rounds;
    }
    return fight;
}

}  // namespace regwatch
