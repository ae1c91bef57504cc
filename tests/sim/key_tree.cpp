#include "sim/key_tree.h"

#include <algorithm>

#include "text/fold.h"

namespace regwatch::sim {

Value* Node::find_value(std::u16string_view value_name) {
    const auto found = std::find_if(values.begin(), values.end(), [&](const Value& value) {
        return equal_folded(value.name, value_name);
    });
    return found == values.end() ? nullptr : &*found;
}

std::vector<std::u16string> split(std::u16string_view path) {
    std::vector<std::u16string> names;
    while (!path.empty()) {
        const std::size_t end = std::min(path.find(u'\\'), path.size());
        names.emplace_back(path.substr(0, end));
        path.remove_prefix(std::min(end + 1, path.size()));
    }
    return names;
}

std::vector<std::u16string> physical_names(const KeyPath& path) {
    constexpr std::u16string_view kSeparate = u"WOW6432Node";
    std::vector<std::u16string> names = split(path.subkey);
    if (path.view == View::bits64 || path.root != Root::local_machine) return names;
    if (names.empty() || !equal_folded(names[0], u"SOFTWARE")) return names;
    if (names.size() > 1 && equal_folded(names[1], kSeparate)) return names;
    names.emplace(names.begin() + 1, kSeparate);
    return names;
}

KeyTree::KeyTree() : machine_(std::make_shared<Node>()), users_(std::make_shared<Node>()) {
    machine_->name = u"MACHINE";
    users_->name = u"USER";
}

NodePtr KeyTree::root(const KeyPath& path) const {
    return path.root == Root::users ? users_ : machine_;
}

NodePtr KeyTree::find(const KeyPath& path) const {
    return find_below(root(path), physical_names(path));
}

NodePtr KeyTree::find_below(const NodePtr& node, const std::vector<std::u16string>& names) {
    NodePtr at = node;
    for (const std::u16string& name : names) {
        const auto found = at->subkeys.find(fold(name));
        if (found == at->subkeys.end()) return nullptr;
        at = found->second;
    }
    return at;
}

std::u16string KeyTree::native_name(const Node& node) {
    std::u16string name;
    for (const Node* at = &node; at != nullptr; at = at->parent) name.insert(0, u"\\" + at->name);
    return u"\\REGISTRY" + name;
}

Snapshot KeyTree::look(const Node& node, bool recursive) {
    Snapshot snapshot;
    snapshot.last_write = node.last_write;
    snapshot.values = node.values;
    for (const auto& [folded, below] : node.subkeys) {
        Subkey& subkey = snapshot.subkeys.emplace_back();
        subkey.name = below->name;
        subkey.last_write = below->last_write;
        if (recursive) subkey.below = std::make_shared<Snapshot>(look(*below, true));
    }
    snapshot.sort();
    return snapshot;
}

}  // namespace regwatch::sim
