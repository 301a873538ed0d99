#include "config.h"

#include "cli/signals.h"

#include <stddef.h>
#include <string.h>

static volatile sig_atomic_t caught;

static void catch(int number)
{
	caught = number;
}

static void ignore(int number)
{
	(void)number;
}

void signals_open_pipes(void)
{
	struct sigaction act;

	memset(&act, 0, sizeof(act));
	/* Not SIG_IGN: that would be inherited by git, which relies on the signal. */
	act.sa_handler = ignore;
	act.sa_flags = SA_RESTART;
	sigaction(SIGPIPE, &act, NULL);
	/* A file size limit is an error of write(), not a reason to die. */
	sigaction(SIGXFSZ, &act, NULL);
}

const volatile sig_atomic_t *signals_watch(void)
{
	static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
	struct sigaction act, old;

	memset(&act, 0, sizeof(act));
	act.sa_handler = catch;
	/* No SA_RESTART: what blocks (a FIFO in place of a file) must end, too. Where a library makes
	 * an error of that, the signal is still what ends the program. */
	act.sa_flags = (int)SA_RESETHAND;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
			sigaction(numbers[i], &act, NULL);
	return &caught;
}

void signals_reraise(void)
{
	const int number = caught;

	if (!number)
		return;
	signal(number, SIG_DFL);
	raise(number);
}
