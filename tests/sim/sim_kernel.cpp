#include "sim/sim_kernel.h"

#include <algorithm>
#include <utility>

#include "text/fold.h"

namespace regwatch::sim {

SimKernel::~SimKernel() {
    FakeLock lock(mutex);
    if (count.open_keys != 0) violation("a key was never closed");
    if (count.open_waits != 0) violation("a wait was never closed");
    if (count.open_events != 0) violation("an event was never closed");
    for (const Kept& kept : kept_) kept.destroy(kept.object);
}

bool SimKernel::create_key(const KeyPath& path) {
    Step step;
    do {
        switch_point("create key");
        step = create_next(path);
    } while (step == Step::more);
    return step == Step::done;
}

// Creates the uppermost key that is missing.
SimKernel::Step SimKernel::create_next(const KeyPath& path) {
    FakeLock lock(mutex);
    const std::vector<std::u16string> names = physical_names(path);
    NodePtr at = tree.root(path);
    for (std::size_t depth = 0; depth < names.size(); ++depth) {
        const NodePtr below = KeyTree::find_below(at, {names[depth]});
        if (below == nullptr) {
            add_key(*at, names[depth]);
            touch(*at);
            notify_change(*at, ChangeOf::names);
            return depth + 1 < names.size() ? Step::more : Step::done;
        }
        at = below;
    }
    return Step::nothing;
}

NodePtr SimKernel::add_key(Node& above, const std::u16string& name) {
    NodePtr& added = above.subkeys[fold(name)];
    added = std::make_shared<Node>();
    added->name = name;
    added->parent = &above;
    touch(*added);
    return added;
}

bool SimKernel::load_hive(const KeyPath& key, std::u16string_view name, const ValueData& data) {
    switch_point("load hive");
    FakeLock lock(mutex);
    const std::vector<std::u16string> names = physical_names(key);
    const NodePtr root = tree.root(key);
    if (KeyTree::find_below(root, {names.front()}) != nullptr) return false;
    NodePtr at = root;
    for (const std::u16string& below : names) at = add_key(*at, below);
    at->values.push_back({std::u16string(name), data});
    touch(*root);
    notify_change(*root, ChangeOf::names);
    return true;
}

bool SimKernel::set_value(const KeyPath& path, std::u16string_view name, const ValueData& data) {
    switch_point("set value");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    if (Value* value = node->find_value(name)) {
        const bool same = value->data == data;
        if (same && !decide(rules_.same_data_signals, "same data signals")) return true;
        value->data = data;
    } else {
        node->values.push_back({std::u16string(name), data});
    }
    touch(*node);
    notify_change(*node, ChangeOf::values);
    return true;
}

bool SimKernel::delete_value(const KeyPath& path, std::u16string_view name) {
    switch_point("delete value");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    const Value* value = node->find_value(name);
    if (value == nullptr) return false;
    node->values.erase(node->values.begin() + (value - node->values.data()));
    touch(*node);
    notify_change(*node, ChangeOf::values);
    return true;
}

bool SimKernel::delete_key(const KeyPath& path) {
    Step step;
    do {
        switch_point("delete key");
        step = delete_next(path);
    } while (step == Step::more);
    return step == Step::done;
}

// Deletes one leaf at or below the path.
SimKernel::Step SimKernel::delete_next(const KeyPath& path) {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr || node->parent == nullptr) return Step::nothing;
    Node* leaf = node.get();
    while (!leaf->subkeys.empty()) leaf = leaf->subkeys.begin()->second.get();
    delete_leaf(*leaf);
    return leaf == node.get() ? Step::done : Step::more;
}

void SimKernel::delete_leaf(Node& leaf) {
    Node& parent = *std::exchange(leaf.parent, nullptr);
    const auto self = parent.subkeys.find(fold(leaf.name));
    const NodePtr keep_alive = std::move(self->second);
    parent.subkeys.erase(self);
    leaf.deleted = true;
    if (decide(rules_.deletion_signals, "deletion signals")) {
        for (Registration* handle : leaf.handles) fire(*handle);
    }
    touch(parent);
    notify_change(parent, ChangeOf::names);
}

bool SimKernel::unload_hive(const KeyPath& hive) {
    switch_point("unload hive");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(hive);
    if (node == nullptr || node->parent == nullptr) return false;
    Node& parent = *node->parent;
    parent.subkeys.erase(fold(node->name));
    mark_deleted(*node);
    touch(parent);
    notify_change(parent, ChangeOf::names);
    return true;
}

// Wine deletes the keys of a hive one after the other, and tells of each what it tells of a deletion.
void SimKernel::mark_deleted(Node& node) {
    for (const auto& [name, below] : node.subkeys) mark_deleted(*below);
    const bool had_subkeys = !node.subkeys.empty();
    node.subkeys.clear();
    if (had_subkeys && rules_.deletion_signals == Behaviour::never) {
        notify_change(node, ChangeOf::names);
    }
    node.parent = nullptr;
    node.deleted = true;
    if (decide(rules_.deletion_signals, "deletion signals")) {
        for (Registration* handle : node.handles) fire(*handle);
    }
}

bool SimKernel::rename_key(const KeyPath& path, std::u16string_view new_leaf) {
    switch_point("rename key");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr || node->parent == nullptr) return false;
    Node& parent = *node->parent;
    const std::u16string folded = fold(new_leaf);
    if (parent.subkeys.contains(folded)) return false;
    parent.subkeys.erase(fold(node->name));
    node->name = new_leaf;
    parent.subkeys[folded] = node;
    touch(parent);
    notify_rename(*node);
    return true;
}

// Whoever watches a subtree is told in any case; the key itself and its parent by the rules.
void SimKernel::notify_rename(Node& node) {
    if (decide(rules_.rename_signals_key, "rename signals the key")) {
        for (Registration* handle : node.handles) notify(*handle, ChangeOf::names, false);
    }
    const bool tell_parent = decide(rules_.rename_signals_parent, "rename signals the parent");
    for (Registration* handle : node.parent->handles) {
        notify(*handle, ChangeOf::names, !tell_parent);
    }
    for (const Node* above = node.parent->parent; above != nullptr; above = above->parent) {
        for (Registration* handle : above->handles) notify(*handle, ChangeOf::names, true);
    }
}

bool SimKernel::deny(const KeyPath& path) {
    switch_point("deny");
    return set_refusal(path, ErrorKind::denied);
}

bool SimKernel::allow(const KeyPath& path) {
    switch_point("allow");
    return set_refusal(path, std::nullopt);
}

bool SimKernel::make_busy(const KeyPath& path) {
    switch_point("make busy");
    return set_refusal(path, ErrorKind::transient);
}

bool SimKernel::make_calm(const KeyPath& path) {
    switch_point("make calm");
    return set_refusal(path, std::nullopt);
}

bool SimKernel::set_security(const KeyPath& path, std::string sddl) {
    switch_point("set security");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    node->security = std::move(sddl);
    if (decide(rules_.security_signals, "security signals")) {
        notify_change(*node, ChangeOf::values);
    }
    return true;
}

bool SimKernel::set_refusal(const KeyPath& path, std::optional<ErrorKind> refusal) {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    return std::exchange(node->refusal, refusal) != refusal;
}

bool SimKernel::replace_unseen(const KeyPath& path, std::u16string_view name,
                               const ValueData& data) {
    switch_point("replace unseen");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    Value* const value = node == nullptr ? nullptr : node->find_value(name);
    if (value == nullptr) return false;
    value->data = data;
    return true;
}

bool SimKernel::signal_for_nothing(const KeyPath& path) {
    switch_point("signal for nothing");
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    for (Registration* handle : node->handles) fire(*handle);
    return true;
}

std::optional<Snapshot> SimKernel::look(const KeyPath& path, bool recursive) const {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return std::nullopt;
    return KeyTree::look(*node, recursive);
}

bool SimKernel::was_registered(const KeyPath& path) const {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    return std::any_of(node->handles.begin(), node->handles.end(),
                       [](const Registration* handle) { return handle->scope.has_value(); });
}

bool SimKernel::was_registered_with_subtree(const KeyPath& path) const {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    if (node == nullptr) return false;
    return std::any_of(node->handles.begin(), node->handles.end(),
                       [](const Registration* handle) { return handle->scope == Scope::subtree; });
}

std::size_t SimKernel::open_at_or_below(const KeyPath& path) const {
    FakeLock lock(mutex);
    const NodePtr node = tree.find(path);
    std::size_t open = 0;
    if (node != nullptr) {
        KeyTree::for_each_handle_below(*node, [&](const Registration&) { ++open; });
    }
    return open;
}

KernelCounts SimKernel::counts() const {
    FakeLock lock(mutex);
    return count;
}

WallTime SimKernel::wall_now() const {
    FakeLock lock(mutex);
    return time();
}

void SimKernel::set_time_resolution(WallTicks resolution) {
    FakeLock lock(mutex);
    resolution_ = resolution;
}

void SimKernel::set_wall_clock(WallTime now) {
    FakeLock lock(mutex);
    offset_ += now - time();
}

void SimKernel::notify_change(Node& node, ChangeOf change) {
    for (Registration* handle : node.handles) notify(*handle, change, false);
    for (const Node* above = node.parent; above != nullptr; above = above->parent) {
        for (Registration* handle : above->handles) notify(*handle, change, true);
    }
}

void SimKernel::signal_thread_end() {
    FakeLock lock(mutex);
    persistent_thread = nullptr;
    if (!decide(rules_.thread_end_signals, "thread end signals")) return;
    tree.for_each_handle([](Registration& handle) { fire(handle); });
}

WallTime SimKernel::time() const {
    return WallTime(offset_ +
                    std::chrono::duration_cast<WallTicks>(steady_now().time_since_epoch()));
}

void SimKernel::touch(Node& node) {
    offset_ += WallTicks(1);
    const WallTicks exact = time().time_since_epoch();
    node.last_write = WallTime(exact - exact % resolution_);
}

}  // namespace regwatch::sim
