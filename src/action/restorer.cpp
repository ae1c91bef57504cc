#include "action/restorer.h"

#include <utility>

#include "change/data_text.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {

namespace {

std::u16string object_of(const RestoreStep& step) {
    const bool is_value =
        step.what == RestoreStep::What::set_value || step.what == RestoreStep::What::delete_value;
    std::u16string object = step.key.folded();
    object.push_back(u'\0');
    return is_value ? object + u'v' + fold(step.value_name) : object + u'k';
}

// Whether the change leads to exactly what the step writes.
bool is_result_of(const Change& change, const RestoreStep& step) {
    switch (step.what) {
        case RestoreStep::What::set_value:
            return change.after == step.data;
        case RestoreStep::What::delete_value:
            return change.kind == DifferenceKind::value_deleted;
        case RestoreStep::What::create_key:
            return change.kind == DifferenceKind::key_created;
        case RestoreStep::What::delete_key:
            return change.kind == DifferenceKind::key_deleted;
    }
    return false;
}

std::string shown(const std::optional<ValueData>& data) {
    constexpr std::size_t kMostUnits = 200;
    if (!data) return "(none)";
    return to_utf8(clip_readable(to_text(*data), kMostUnits));
}

}  // namespace

std::optional<RestoreStep> undo_of(const Change& change) {
    switch (change.kind) {
        case DifferenceKind::value_set:
            if (!change.before)
                return RestoreStep{
                    RestoreStep::What::delete_value, change.key, change.value_name, {}};
            return RestoreStep{RestoreStep::What::set_value, change.key, change.value_name,
                               *change.before};
        case DifferenceKind::value_deleted:
            if (!change.before) return std::nullopt;
            return RestoreStep{RestoreStep::What::set_value, change.key, change.value_name,
                               *change.before};
        case DifferenceKind::key_created:
            return RestoreStep{RestoreStep::What::delete_key, change.key, {}, {}};
        case DifferenceKind::key_deleted:
            return RestoreStep{RestoreStep::What::create_key, change.key, {}, {}};
        default:
            return std::nullopt;
    }
}

Result<void> carry_out(const RestoreStep& step, RegistryWriter& writer) {
    const auto unless_gone = [](Result<void> done) {
        const bool is_gone = !done && (done.error().kind == ErrorKind::not_found ||
                                       done.error().kind == ErrorKind::gone);
        return is_gone ? Result<void>() : done;
    };
    switch (step.what) {
        case RestoreStep::What::set_value: {
            auto written = writer.set_value(step.key, step.value_name, step.data);
            if (written || written.error().kind != ErrorKind::not_found) return written;
            // Its key is gone: a key that was deleted comes back with what was in it.
            if (auto made = writer.create_key(step.key); !made) return made;
            return writer.set_value(step.key, step.value_name, step.data);
        }
        case RestoreStep::What::delete_value:
            return unless_gone(writer.delete_value(step.key, step.value_name));
        case RestoreStep::What::create_key:
            return writer.create_key(step.key);
        case RestoreStep::What::delete_key:
            return unless_gone(writer.delete_key(step.key));
    }
    return {};
}

Restorer::Outcome Restorer::restore(const Change& change) {
    const auto step = undo_of(change);
    if (!step) return {Verdict::not_undoable, "a change of this kind cannot be undone."};
    return restore(change, *step);
}

Restorer::Outcome Restorer::restore(const Change& change, const RestoreStep& step) {
    if (is_result_of(change, step)) return {Verdict::own_write, {}};
    Fight& fight = fights_[object_of(step)];
    if (fight.written && is_result_of(change, *fight.written)) {
        fight.written.reset();
        return {Verdict::own_write, {}};
    }
    if (change.detected_at - fight.last >= std::chrono::duration_cast<WallTicks>(kQuiet)) {
        fight = {};
    }
    fight.last = change.detected_at;
    if (fight.given_up) return {Verdict::resting, {}};
    if (fight.rounds >= kMostInARow) {
        fight.given_up = true;
        fight.written.reset();
        return {Verdict::gave_up, "it was put back " + std::to_string(kMostInARow) +
                                      " times in a row, and somebody wrote " + shown(change.after) +
                                      " again; it is left alone until it is quiet for 10 minutes."};
    }
    const auto done = carry_out(step, writer_);
    if (!done) {
        return {Verdict::failed, done.error().text() + ".",
                done.error().kind == ErrorKind::transient};
    }
    ++fight.rounds;
    fight.written = step;
    return {Verdict::restored, {}};
}

}  // namespace regwatch
