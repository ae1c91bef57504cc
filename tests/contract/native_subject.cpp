// The contract suite's subjects off Windows: both simulated kernels and the simulated pool, on real
// threads. What is proven here of the fakes, every exploration in tests/sim relies on.
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

#include "contract/subject.h"
#include "platform/polled_files.h"
#include "platform/posix_append_file.h"
#include "sim/sim_executor.h"
#include "sim/sim_kernel.h"
#include "sim/sim_persistent_thread.h"
#include "sim/sim_registry.h"
#include "sim/sim_registry_writer.h"

namespace regwatch::test {
namespace {

std::string scratch_name() { return "regwatch-contract-" + std::to_string(getpid()); }

void require(bool done) {
    if (!done) throw std::runtime_error("the simulated registry has nothing to change there");
}

class SimEditor final : public RegistryEditor {
public:
    explicit SimEditor(sim::SimKernel& kernel) : kernel_(kernel) {
        require(kernel_.create_key(path(u"", View::bits64)));
    }

    KeyPath path(std::u16string_view key, View view) const override {
        KeyPath path{Root::local_machine, u"SOFTWARE\\", view};
        for (const char c : scratch_name()) path.subkey += static_cast<char16_t>(c);
        if (!key.empty()) path.subkey += u'\\' + std::u16string(key);
        return path;
    }
    void create_key(std::u16string_view key, View view) override {
        require(kernel_.create_key(path(key, view)));
    }
    void set_value(std::u16string_view key, std::u16string_view name,
                   const ValueData& data) override {
        require(kernel_.set_value(path(key, View::bits64), name, data));
    }
    void delete_value(std::u16string_view key, std::u16string_view name) override {
        require(kernel_.delete_value(path(key, View::bits64), name));
    }
    void delete_key(std::u16string_view key) override {
        require(kernel_.delete_key(path(key, View::bits64)));
    }
    void rename_key(std::u16string_view key, std::u16string_view new_leaf) override {
        require(kernel_.rename_key(path(key, View::bits64), new_leaf));
    }
    void deny(std::u16string_view key) override { require(kernel_.deny(path(key, View::bits64))); }
    void allow(std::u16string_view key) override {
        require(kernel_.allow(path(key, View::bits64)));
    }
    void set_permissions(std::u16string_view key) override {
        require(kernel_.set_security(path(key, View::bits64), "O:SYG:SYD:(A;;KA;;;WD)"));
    }

private:
    sim::SimKernel& kernel_;
};

// With real threads nothing is explored, so what Windows leaves open is decided here: it signals.
sim::KernelRules rules_of(System system) {
    if (system == System::wine) return sim::wine_rules();
    sim::KernelRules rules = sim::windows_rules();
    rules.interim_change_signals = sim::Behaviour::always;
    rules.same_data_signals = sim::Behaviour::always;
    return rules;
}

class SimRegistrySubject final : public RegistrySubject {
public:
    explicit SimRegistrySubject(System system) : kernel_(rules_of(system)) {}

    Registry& registry() override { return registry_; }
    RegistryWriter& writer() override { return writer_; }
    PersistentThread& thread() override { return thread_; }
    RegistryEditor& editor() override { return editor_; }
    void signal(Event& event) override { static_cast<sim::SimEvent&>(event).signal(); }
    bool take_signal(Event& event, Duration bound) override {
        return static_cast<sim::SimEvent&>(event).take_signal(bound);
    }

private:
    sim::SimKernel kernel_;
    sim::SimRegistry registry_{kernel_};
    sim::SimRegistryWriter writer_{kernel_};
    SimEditor editor_{kernel_};
    sim::SimPersistentThread thread_{kernel_};
};

// With the faults it might make and never does.
class SimPool final : public Executor {
public:
    explicit SimPool(unsigned max_threads) : executor_("pool", max_threads, faults_) {}
    Result<std::unique_ptr<Work>> create_work(std::function<void()> task) override {
        return executor_.create_work(std::move(task));
    }
    Result<std::unique_ptr<Timer>> create_timer(std::function<void()> task) override {
        return executor_.create_timer(std::move(task));
    }

private:
    sim::Faults faults_;
    sim::SimExecutor executor_;
};

class PosixFileSubject final : public FileSubject {
public:
    PosixFileSubject() { std::filesystem::create_directories(folder_); }
    ~PosixFileSubject() override {
        std::error_code ignored;
        std::filesystem::remove_all(folder_, ignored);
    }
    FileSystem& files() override { return files_; }
    std::string scratch_folder() const override { return folder_.string() + '/'; }
    std::string content(const std::string& path) override {
        std::ifstream file(path, std::ios::binary);
        if (!file) throw std::runtime_error("cannot be read: " + path);
        return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    }
    void rename(const std::string& from, const std::string& to) override {
        std::filesystem::rename(from, to);
    }

private:
    const std::filesystem::path folder_ = std::filesystem::temp_directory_path() / scratch_name();
    PosixFiles files_;
};

// With an executor of its own.
class Poller final : public FileWatcher {
public:
    Result<std::unique_ptr<FileWatch>> watch(const std::vector<std::string>& files,
                                             std::function<void()> on_change) override {
        return files_.watch(files, std::move(on_change));
    }

private:
    const std::unique_ptr<Executor> executor_ = make_executor(1);
    PolledFiles files_{*executor_, std::chrono::milliseconds(20)};
};

}  // namespace

std::vector<System> systems() { return {System::windows, System::wine}; }

std::unique_ptr<RegistrySubject> make_registry_subject(System system) {
    return std::make_unique<SimRegistrySubject>(system);
}

std::unique_ptr<Executor> make_executor(unsigned max_threads) {
    return std::make_unique<SimPool>(max_threads);
}

std::unique_ptr<FileSubject> make_file_subject() { return std::make_unique<PosixFileSubject>(); }

std::vector<std::unique_ptr<FileWatcher>> make_file_watchers() {
    std::vector<std::unique_ptr<FileWatcher>> watchers;
    watchers.push_back(std::make_unique<Poller>());
    return watchers;
}

}  // namespace regwatch::test
