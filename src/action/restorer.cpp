#include "action/restorer.h"

#include <utility>

#include "change/data_text.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch {

namespace {

using Kind = RegistryEdit::Kind;

std::u16string object_of(const RegistryEdit& edit) {
    const bool is_value = edit.kind == Kind::set_value || edit.kind == Kind::delete_value;
    std::u16string object = edit.key.folded();
    object.push_back(u'\0');
    return is_value ? object + u'v' + fold(edit.value_name) : object + u'k';
}

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

Restorer::Outcome Restorer::restore(const Change& change) {
    const auto edit = inverse_edit(change);
    if (!edit) return {Verdict::not_undoable, "a change of this kind cannot be undone."};
    return restore(change, *edit);
}

Restorer::Outcome Restorer::restore(const Change& change, const RegistryEdit& edit) {
    if (is_result_of(change, edit)) return {Verdict::own_write, {}};
    Fight& fight = fights_[object_of(edit)];
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
                                      " times in a row, and somebody wrote " +
                                      shown_data(change.after) +
                                      " again; it is left alone until it is quiet for 10 minutes."};
    }
    const auto done = carry_out(edit, writer_);
    if (!done) {
        return {Verdict::failed, done.error().text() + ".",
                done.error().kind == ErrorKind::transient};
    }
    ++fight.rounds;
    fight.written = edit;
    return {Verdict::restored, {}};
}

}  // namespace regwatch
