// Which sanitizer a test is compiled with. gcc says it by a macro, clang by a feature.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define REGWATCH_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define REGWATCH_ASAN 1
#endif
#endif
#if defined(__SANITIZE_THREAD__)
#define REGWATCH_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define REGWATCH_TSAN 1
#endif
#endif
