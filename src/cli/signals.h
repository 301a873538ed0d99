/* Signals: turns a request to stop into a flag that work looks at.
 * Owns the handlers and the flag, the only variable of the program that is global.
 * Knows nothing of what is stopped. */
#ifndef CLI_SIGNALS_H
#define CLI_SIGNALS_H

#include <signal.h>

/* Writing to a closed pipe becomes EPIPE; programs started from here still get SIGPIPE. */
void signals_open_pipes(void);

/* SIGINT, SIGTERM and SIGHUP set the flag that is returned (to the signal's number), unless
 * they are ignored, as by nohup. A second one of a kind ends the program at once. */
const volatile sig_atomic_t *signals_watch(void);

/* When the flag is set, ends the program by that signal, so that the shell sees it; else
 * returns. */
void signals_reraise(void);

#endif
