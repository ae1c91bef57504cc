// What a key is watched for, and how. A value, fixed for the life of its KeyWatch.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "base/time.h"
#include "change/change.h"
#include "registry/diff.h"
#include "registry/key_path.h"
#include "registry/selection.h"
#include "registry/snapshot.h"
#include "watch/partition.h"
#include "watch/quota.h"

namespace regwatch {

// What a first look at a key does with what it finds there, when nothing is known from earlier.
enum class FirstLook {
    accept,       // it is the baseline
    report,       // the key is known not to have existed before: all of it is new
    report_anew,  // the same, whatever this run has kept of it by now
};

struct KeyWatchPlan {
    std::string watch;  // its name in the config
    KeyPath key;        // no wildcards, no current_user
    Scope scope = Scope::key;
    FirstLook first_look = FirstLook::accept;
    Detection first_detection = Detection::startup;  // of what differs at the first look
    bool security = false;                           // who may do what is part of what is watched
    Duration debounce{};                             // how long changes are gathered before a look
    std::size_t max_keys_of_a_part = kMaxKeysOfAPart;
    std::shared_ptr<const Selection> selection = nullptr;  // null: everything
    Renamed renamed = Renamed::told;
    std::shared_ptr<Quota> quota = nullptr;  // null: everything may be kept
    // In the 32-bit view: a key that is the same one in the other view is left to that.
    bool only_if_apart = false;
};

}  // namespace regwatch
