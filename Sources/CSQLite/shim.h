#include <sqlite3.h>

// Swift cannot call functions with a variable list of arguments.
static inline int stairway_disable_triggers(sqlite3 *connection) {
  return sqlite3_db_config(connection, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, (int *)0);
}
