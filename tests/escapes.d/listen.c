/* What tests/escapes offers outside of the sandbox: sockets on the loopback, one with an abstract name, one with a path.
 * usage: listen FACTS LOG PATH NAME -- writes to FACTS how to reach it, to LOG whoever did. */
#include <netinet/in.h>
#include <poll.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { TCP, UDP, TCP6, PATH, ABSTRACT, SOCKETS };

static const char *const names[SOCKETS] = { "tcp", "udp", "tcp6", "path", "abstract" };

/* The port that the system chose; 0 without such a socket (no IPv6, say). */
static int offer(int fd, struct sockaddr *a, socklen_t size)
{
	if (fd < 0 || bind(fd, a, size) < 0)
		return 0;
	listen(fd, 8);
	if (getsockname(fd, a, &size) < 0)
		return 0;
	return a->sa_family == AF_INET ? ntohs(((struct sockaddr_in *)a)->sin_port) :
	       a->sa_family == AF_INET6 ? ntohs(((struct sockaddr_in6 *)a)->sin6_port) : 1;
}

static int offer_inet(int fd)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };

	return offer(fd, (struct sockaddr *)&a, sizeof(a));
}

static int offer_inet6(int fd)
{
	struct sockaddr_in6 a = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };

	return offer(fd, (struct sockaddr *)&a, sizeof(a));
}

static int offer_unix(int fd, const char *name, size_t abstract)
{
	struct sockaddr_un a = { .sun_family = AF_UNIX };

	memcpy(a.sun_path + abstract, name, strlen(name));
	return offer(fd, (struct sockaddr *)&a,
		     (socklen_t)(offsetof(struct sockaddr_un, sun_path) + abstract + strlen(name)));
}

int main(int argc, char **argv)
{
	struct pollfd fds[SOCKETS] = {
		[TCP] = { socket(AF_INET, SOCK_STREAM, 0), POLLIN, 0 },
		[UDP] = { socket(AF_INET, SOCK_DGRAM, 0), POLLIN, 0 },
		[TCP6] = { socket(AF_INET6, SOCK_STREAM, 0), POLLIN, 0 },
		[PATH] = { socket(AF_UNIX, SOCK_STREAM, 0), POLLIN, 0 },
		[ABSTRACT] = { socket(AF_UNIX, SOCK_STREAM, 0), POLLIN, 0 },
	};
	FILE *const log = argc == 5 ? fopen(argv[2], "w") : NULL;
	FILE *const facts = argc == 5 ? fopen(argv[1], "w") : NULL;

	if (!facts || !log)
		return 2;
	fprintf(facts, "AIM_TCP=%d\n", offer_inet(fds[TCP].fd));
	fprintf(facts, "AIM_UDP=%d\n", offer_inet(fds[UDP].fd));
	fprintf(facts, "AIM_TCP6=%d\n", offer_inet6(fds[TCP6].fd));
	offer_unix(fds[PATH].fd, argv[3], 0);
	offer_unix(fds[ABSTRACT].fd, argv[4], 1);
	fprintf(facts, "AIM_SOCKET=%s\nAIM_ABSTRACT=%s\nAIM_PID=%d\nready=1\n", argv[3], argv[4], (int)getpid());
	fclose(facts);
	while (poll(fds, SOCKETS, -1) >= 0)
		for (int i = 0; i < SOCKETS; i++) {
			char bytes[16];

			if (!(fds[i].revents & POLLIN))
				continue;
			if (i == UDP)
				(void)!recv(fds[i].fd, bytes, sizeof(bytes), 0);
			else
				close(accept(fds[i].fd, NULL, NULL));
			fprintf(log, "%s\n", names[i]);
			fflush(log);
		}
	return 1;
}
