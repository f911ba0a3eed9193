// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user did not say of a target, found; and what is wrong with it. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include "path.h"
#include "setup.h"

static bool is_same_address(const union address *address, const struct sockaddr *other)
{
	if (!other || other->sa_family != address->any.sa_family)
		return false;
	if (other->sa_family == AF_INET)
		return !memcmp(&address->ipv4.sin_addr, &((const struct sockaddr_in *)(const void *)other)->sin_addr,
			sizeof(struct in_addr));
	return !memcmp(&address->ipv6.sin6_addr, &((const struct sockaddr_in6 *)(const void *)other)->sin6_addr,
		sizeof(struct in6_addr));
}

static bool is_own_address(const union address *remote)
{
	struct ifaddrs *all;
	bool is_own = false;

	if (getifaddrs(&all))
		return false;
	for (const struct ifaddrs *one = all; one && !is_own; one = one->ifa_next)
		is_own = is_same_address(remote, one->ifa_addr);
	freeifaddrs(all);
	return is_own;
}

/* interface: that of the record, or 0. */
static int find_path(const struct record *record, unsigned int interface, struct path *path,
	struct target_problem *problem)
{
	const union address *source = record->source.any.sa_family ? &record->source : NULL;
	char address[ADDRESS_TEXT_MAX];
	int err;

	address_print(address, &record->remote);
	if (source && source->any.sa_family != record->remote.any.sa_family)
		return target_fail(problem, -EINVAL, "the source must be an address of the same kind as the target %s", address);
	err = path_find(&record->remote, interface, source, path);
	/* All that a route says may have been said by the user. */
	if (err && interface && source && record->knows_mac) {
		*path = (struct path){ PATH_UNICAST, interface, *source, record->remote };
		err = 0;
	}
	if (err == -EADDRNOTAVAIL)
		return target_fail(problem, err, "there is no source address for %s: give one with --source", address);
	if (err)
		return target_fail(problem, err, "there is no route to %s: %s", address, strerror(-err));
	if (path->kind == PATH_LOCAL || is_own_address(&record->remote))
		return target_fail(problem, -EINVAL, "%s is an address of this machine: the target must be another one",
			address);
	return 0;
}

static int read_link(unsigned int interface, struct path_link *link, struct target_problem *problem)
{
	char master[IF_NAMESIZE];
	int err = path_link_read(interface, link);

	if (err)
		return target_fail(problem, err, "interface %u: %s", interface, strerror(-err));
	if (link->flags & IFF_LOOPBACK)
		return target_fail(problem, -EINVAL, "interface %s is a loopback: nothing leaves the machine there", link->name);
	if (link->type != ARPHRD_ETHER)
		return target_fail(problem, -EINVAL, "interface %s is no Ethernet: netconsole sends nothing else", link->name);
	if (!(link->flags & IFF_UP))
		return target_fail(problem, -ENETDOWN, "interface %s is down: ip link set %s up", link->name, link->name);
	if (link->master && if_indextoname(link->master, master))
		return target_fail(problem, -EBUSY, "interface %s is a part of %s, which is the one to use", link->name, master);
	return 0;
}

static int find_mac(const struct record *record, const struct path *path, const struct path_link *link,
	__u8 mac[ETH_ALEN], struct target_problem *problem)
{
	char hop[ADDRESS_TEXT_MAX];
	int err;

	if (record->knows_mac) {
		memcpy(mac, record->mac, ETH_ALEN);
		return 0;
	}
	address_print(hop, &path->next_hop);
	err = path_find_mac(path, record->timeout, mac);
	if (err == -ETIMEDOUT && !link->has_carrier)
		return target_fail(problem, err, "interface %s has no carrier, and %s does not answer", link->name, hop);
	if (err == -ETIMEDOUT)
		return target_fail(problem, err, "%s does not answer on %s: its MAC address is not known: give it with --mac", hop,
			link->name);
	if (err)
		return target_fail(problem, err, "the MAC address of %s is not known: %s: give it with --mac", hop,
			strerror(-err));
	return 0;
}

/* One that is given is looked at first: what is wrong with it says more than that there is no route. */
static int find_way(const struct record *record, struct path *path, struct path_link *link, struct target_problem *problem)
{
	unsigned int interface = *record->interface ? if_nametoindex(record->interface) : 0;
	int err = 0;

	if (*record->interface && !interface)
		return target_fail(problem, -ENODEV, "there is no interface %s", record->interface);
	if (interface)
		err = read_link(interface, link, problem);
	if (!err)
		err = find_path(record, interface, path, problem);
	if (!err && !interface)
		err = read_link(path->interface, link, problem);
	return err;
}

int target_complete(const struct record *record, struct target *target, struct target_problem *problem)
{
	struct path path;
	struct path_link link;
	int err = find_way(record, &path, &link, problem);

	if (err)
		return err;
	*target = (struct target){
		.is_enabled = true,
		.is_extended = !record->is_basic,
		.local = path.source,
		.remote = record->remote,
		.entries = record->entries,
		.sysdata = record->sysdata,
	};
	memcpy(target->name, record->name, sizeof(target->name));
	memcpy(target->interface, link.name, sizeof(target->interface));
	memcpy(target->userdata, record->userdata, sizeof(record->userdata));
	address_set_port(&target->local, record->source_port);
	return find_mac(record, &path, &link, target->mac, problem);
}
