// One action, tried with a change that nobody has made: what `test-action` does.
//
// Any thread; blocks for as long as the action does. The change is of a key that says what it is for,
// and is marked as a test in its watch and tags, so that whoever gets it can tell.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "base/result.h"
#include "change/change.h"
#include "delivery/action.h"
#include "settings/settings.h"

namespace regwatch {

[[nodiscard]] Change test_change(WallTime now);

// Nothing when the action did what it is for. An error when there is no such action, or when it is one
// that a test could do harm with.
using MakeAction = std::function<Result<std::unique_ptr<Action>>(const ActionSettings&)>;
[[nodiscard]] Result<std::optional<ActionFailure>> test_action(const Settings& settings,
                                                               const std::string& name,
                                                               const MakeAction& make,
                                                               WallTime now);

}  // namespace regwatch
