#include "sim/sim_registry.h"

#include <iterator>
#include <utility>

#include "sim/sim_persistent_thread.h"
#include "text/fold.h"
#include "text/utf.h"

namespace regwatch::sim {
namespace {

Result<std::unique_ptr<RegistryKey>> open_node(SimKernel& kernel, const NodePtr& node,
                                               const std::string& subject)
    REGWATCH_REQUIRES(kernel.mutex) {
    constexpr const char* kDoing = "opening the key";
    if (node == nullptr) return make_error(ErrorKind::not_found, kDoing, subject);
    if (node->refusal) return make_error(*node->refusal, kDoing, subject);
    return std::unique_ptr<RegistryKey>(std::make_unique<SimKey>(kernel, node, subject));
}

}  // namespace

Result<std::unique_ptr<RegistryKey>> SimRegistry::open(const KeyPath& path) {
    blocking_switch_point("open key");
    const std::string subject = path.utf8();
    if (const auto kind = kernel_.faults().next("open key fails", subject)) {
        return make_error(*kind, "opening the key", subject);
    }
    if (path.root == Root::current_user) violation("open() was asked for current_user");
    FakeLock lock(kernel_.mutex);
    return open_node(kernel_, kernel_.tree.find(path), subject);
}

SimKey::SimKey(SimKernel& kernel, NodePtr node, std::string subject) REGWATCH_NO_ANALYSIS
    : kernel_(kernel),
      node_(std::move(node)),
      subject_(std::move(subject)) {
    node_->handles.push_back(&registration_);
    ++kernel_.count.open_keys;
    ++kernel_.count.opens;
}

void SimKey::operator delete(SimKey* self, std::destroying_delete_t) {
    self->close();
    self->kernel_.keep(self);
}

void SimKey::close() {
    blocking_switch_point("close key");
    FakeLock lock(kernel_.mutex);
    if (closed_) violation("a key was closed twice: " + subject_);
    closed_ = true;
    --kernel_.count.open_keys;
    std::erase(node_->handles, &registration_);
    fire(registration_);  // both kernels: "If the specified key is closed, the event is signaled"
}

// What every call begins with; on return another thread may have run.
std::optional<Error> SimKey::begin(const char* doing) const {
    blocking_switch_point(doing);
    if (const auto kind = kernel_.faults().next(doing, subject_)) {
        return make_error(*kind, doing, subject_);
    }
    return std::nullopt;
}

std::optional<Error> SimKey::check_alive(const char* doing) const {
    if (closed_) violation("a destroyed key is used: " + subject_);
    if (node_->deleted) return make_error(ErrorKind::gone, doing, subject_);
    return std::nullopt;
}

Result<KeyInfo> SimKey::info() {
    constexpr const char* kDoing = "querying the key";
    if (auto error = begin(kDoing)) return *std::move(error);
    FakeLock lock(kernel_.mutex);
    if (auto error = check_alive(kDoing)) return *std::move(error);
    return KeyInfo{node_->last_write, static_cast<std::uint32_t>(node_->subkeys.size()),
                   static_cast<std::uint32_t>(node_->values.size())};
}

Result<std::vector<Value>> SimKey::values() {
    constexpr const char* kDoing = "reading the values";
    if (auto error = begin(kDoing)) return *std::move(error);
    std::vector<Value> values;
    for (;;) {
        {
            FakeLock lock(kernel_.mutex);
            if (auto error = check_alive(kDoing)) return *std::move(error);
            if (!kernel_.rules().torn_reads) return node_->values;
            if (values.size() >= node_->values.size()) return values;
            // By index, as the system does it: what vanishes in between shifts the rest.
            values.push_back(node_->values[values.size()]);
        }
        switch_point("next value");
    }
}

Result<std::vector<SubkeyName>> SimKey::subkeys() {
    constexpr const char* kDoing = "listing the subkeys";
    if (auto error = begin(kDoing)) return *std::move(error);
    std::vector<SubkeyName> names;
    for (;;) {
        {
            FakeLock lock(kernel_.mutex);
            if (auto error = check_alive(kDoing)) return *std::move(error);
            const bool one_by_one = kernel_.rules().torn_reads;
            while (names.size() < node_->subkeys.size()) {
                const auto at =
                    std::next(node_->subkeys.begin(), static_cast<std::ptrdiff_t>(names.size()));
                names.push_back({at->second->name, at->second->last_write});
                if (one_by_one) break;
            }
            if (names.size() >= node_->subkeys.size()) return names;
        }
        switch_point("next subkey");
    }
}

Result<std::unique_ptr<RegistryKey>> SimKey::open_subkey(std::u16string_view name) {
    constexpr const char* kDoing = "opening the subkey";
    if (auto error = begin(kDoing)) return *std::move(error);
    FakeLock lock(kernel_.mutex);
    if (auto error = check_alive(kDoing)) return *std::move(error);
    return open_node(kernel_, KeyTree::find_below(node_, split(name)),
                     subject_ + '\\' + readable(name));
}

Result<std::string> SimKey::security() {
    constexpr const char* kDoing = "reading the security";
    if (auto error = begin(kDoing)) return *std::move(error);
    FakeLock lock(kernel_.mutex);
    if (auto error = check_alive(kDoing)) return *std::move(error);
    if (node_->security.empty()) return make_error(ErrorKind::denied, kDoing, subject_);
    return node_->security;
}

Result<std::u16string> SimKey::native_name() {
    constexpr const char* kDoing = "asking for the key's name";
    if (auto error = begin(kDoing)) return *std::move(error);
    FakeLock lock(kernel_.mutex);
    if (auto error = check_alive(kDoing)) return *std::move(error);
    std::u16string name = KeyTree::native_name(*node_);
    return kernel_.rules().native_names_in_upper_case ? fold(name) : name;
}

Result<void> SimKey::request_signal(Event& event, Scope scope) {
    constexpr const char* kDoing = "registering for a signal";
    if (auto error = begin(kDoing)) return *std::move(error);
    FakeLock lock(kernel_.mutex);
    if (kernel_.persistent_thread == nullptr || !kernel_.persistent_thread->is_current()) {
        violation("a registration off the persistent thread: " + subject_);
    }
    if (auto error = check_alive(kDoing)) return *std::move(error);
    if (registration_.event != nullptr) violation("a second registration: " + subject_);
    register_event(registration_, static_cast<SimEvent&>(event).use(), scope, kernel_.rules());
    ++kernel_.count.registrations;
    return {};
}

}  // namespace regwatch::sim
