#include <catch2/catch_test_macros.hpp>
#include <catch2/generators/catch_generators_range.hpp>

#include <string>

#include "base/sync.h"
#include "contract/subject.h"

namespace regwatch::test {
namespace {

// Counts the calls; waits for one more with a bound that only a broken watcher needs.
class Calls {
public:
    void call() {
        const Lock lock(mutex_);
        ++count_;
        changed_.notify_all();
    }
    void wait_for_more_than(int count) {
        const Lock lock(mutex_);
        while (count_ <= count) changed_.wait(mutex_);
    }
    int count() {
        const Lock lock(mutex_);
        return count_;
    }

private:
    Mutex mutex_;
    Condition changed_;
    int count_ REGWATCH_GUARDED_BY(mutex_) = 0;
};

void write(FileSubject& subject, const std::string& path, const std::string& text) {
    REQUIRE(subject.files().open_append(path).value()->append(text));
}

}  // namespace

TEST_CASE("a file that is written, replaced or made is told of, by every kind of watcher") {
    const auto subject = make_file_subject();
    const std::string file = subject->scratch_folder() + "watched.json";
    const std::string other = subject->scratch_folder() + "sub/pack.json";
    write(*subject, file, "{}");
    write(*subject, subject->scratch_folder() + "sub/there", "");
    for (auto& watcher : make_file_watchers()) {
        Calls calls;
        const auto watch = watcher->watch({file, other}, [&] { calls.call(); });
        REQUIRE(watch);
        write(*subject, file, " ");
        calls.wait_for_more_than(0);
        int before = calls.count();
        write(*subject, subject->scratch_folder() + "fresh", "{ \"longer\": 1 }" + file);
        subject->rename(subject->scratch_folder() + "fresh", file);
        calls.wait_for_more_than(before);
        before = calls.count();
        write(*subject, other, "in another folder");
        calls.wait_for_more_than(before);
    }
}

TEST_CASE("nothing is told of a file any more when its watch is gone") {
    const auto subject = make_file_subject();
    const std::string file = subject->scratch_folder() + "watched.json";
    write(*subject, file, "{}");
    for (auto& watcher : make_file_watchers()) {
        Calls first;
        Calls second;
        auto watch = watcher->watch({file}, [&] { first.call(); });
        REQUIRE(watch);
        const auto witness = watcher->watch({file}, [&] { second.call(); });
        REQUIRE(witness);
        std::move(watch).value().reset();
        const int before = first.count();
        write(*subject, file, "more");
        second.wait_for_more_than(0);
        CHECK(first.count() == before);
    }
}

}  // namespace regwatch::test
