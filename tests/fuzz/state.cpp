// A state database in which bytes are wrong, cut off or put at its end: it opens, or is moved aside and
// begun anew, and whatever is read from it is an answer or an error.
//
// The input is what is done to a good database, three bytes after three: where (two bytes, of the whole
// in equal parts), and what is put there; 255 cuts the file off there.
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "fuzz/expect.h"
#include "state/sqlite_store.h"
#include "support/manual_clock.h"

namespace regwatch::fuzz {
namespace {

namespace fs = std::filesystem;

const std::string kWatch = "run-keys";
const KeyPath kKey{Root::local_machine, u"SOFTWARE\\Example", View::bits64};

class Folder {
public:
    Folder() { fs::create_directories(path_); }
    ~Folder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    Folder(const Folder&) = delete;
    Folder& operator=(const Folder&) = delete;
    void empty() const {
        for (const auto& entry : fs::directory_iterator(path_)) fs::remove_all(entry.path());
    }
    [[nodiscard]] std::string path() const { return path_.string(); }
    [[nodiscard]] std::string file() const { return (path_ / "regwatch.db").string(); }

private:
    const fs::path path_ =
        fs::temp_directory_path() / ("regwatch-fuzz-state-" + std::to_string(getpid()));
};

std::unique_ptr<SqliteStore> make_store(const Folder& folder, const Clock& clock) {
    SqliteStore::Options options;
    options.folder = folder.path();
    options.patience = 0;
    return std::make_unique<SqliteStore>(std::move(options), clock);
}

// With something in every table.
std::string good_database(const Folder& folder, const Clock& clock) {
    {
        const auto store = make_store(folder, clock);
        expect(store->open().ok(), "a new database cannot be made");
        Snapshot below;
        below.values = std::vector<Value>{{u"deep", {ValueType::binary, Bytes(300, 7)}}};
        Snapshot now;
        now.values = std::vector<Value>{{u"", {ValueType::sz, {'a', 0}}},
                                        {u"n", {ValueType::dword, {1, 0, 0, 0}}}};
        now.subkeys.push_back({u"Below", {}, std::make_shared<Snapshot>(below)});
        now.sort();
        StoreBatch batch;
        batch.baseline.push_back({&kWatch, &kKey, {}, BaselineUpdate::Write::whole, &now, {}, {}});
        const std::vector<std::string> actions = {"log", "mail"};
        for (std::uint64_t i = 1; i <= 20; ++i) {
            Change change;
            change.sequence = i;
            change.id = "id-" + std::to_string(i);
            change.key = kKey;
            change.value_name = u"v";
            change.after = ValueData{ValueType::binary, Bytes(static_cast<std::size_t>(i) * 20, 1)};
            change.watch = kWatch;
            change.tags = {"one", "two"};
            batch.records.push_back({std::make_shared<const Change>(change), &actions});
        }
        expect(store->commit(batch).ok(), "a new database takes nothing");
    }
    std::ifstream file(folder.file(), std::ios::binary);
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string spoiled(std::string bytes, std::span<const std::uint8_t> input) {
    for (; input.size() >= 3 && !bytes.empty(); input = input.subspan(3)) {
        const std::size_t place = (input[0] * 256U + input[1]) * bytes.size() / 65'536;
        bytes[place] = static_cast<char>(input[2]);
        if (input[2] == 255) bytes.resize(place);
    }
    return bytes;
}

// Twice, because what is found damaged is moved aside at the next opening.
void read_all(SqliteStore& store) {
    for (int i = 0; i < 2; ++i) {
        (void)store.open();
        (void)store.baseline(kWatch, kKey);
        (void)store.baselines();
        (void)store.pending("log", 0, 100);
        (void)store.counts();
        const auto history = store.history({});
        if (!history) continue;
        for (const SharedChange& change : *history) {
            expect(static_cast<unsigned>(change->kind) <=
                       static_cast<unsigned>(DifferenceKind::security_changed),
                   "a kind of change that there is not");
            expect(static_cast<unsigned>(change->severity) <=
                       static_cast<unsigned>(Severity::critical),
                   "a severity that there is not");
            expect(static_cast<unsigned>(change->key.root) <=
                       static_cast<unsigned>(Root::current_user),
                   "a root that there is not");
        }
    }
}

void run(std::span<const std::uint8_t> input) {
    static const Folder folder;
    static const test::ManualClock clock;
    static const std::string good = good_database(folder, clock);
    folder.empty();
    std::ofstream(folder.file(), std::ios::binary) << spoiled(good, input);
    const auto store = make_store(folder, clock);
    read_all(*store);
    StoreBatch batch;
    batch.delivered = {{"log", 1}};
    const bool usable = store->commit(batch).ok() || store->state() != StoreState::ready;
    expect(usable, "it fails, and is said to be ready");
}

}  // namespace
}  // namespace regwatch::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    regwatch::fuzz::run({data, size});
    return 0;
}
