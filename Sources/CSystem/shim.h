// Calls of the C library that its headers show only with _GNU_SOURCE, which Swift's import of them
// does not define. posix_spawn_file_actions_addchdir_np: glibc 2.29; …addclosefrom_np:
// 2.34.
#include <spawn.h>
#include <sys/prctl.h>

int pipe2(int ends[2], int flags);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);

// prctl takes any number of arguments, which Swift does not import.
static inline int adopt_orphans(void) { return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }
