// SPDX-License-Identifier: GPL-2.0-or-later
/* What the user did not say of a target, found; and what is wrong with it. */
#include <errno.h>
#include <ifaddrs.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <string.h>
#include "mac.h"
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
static int find_route(const struct record *record, unsigned int interface, struct route *route,
	struct target_problem *problem)
{
	const union address *source = record->source.any.sa_family ? &record->source : NULL;
	char address[ADDRESS_TEXT_MAX];
	int err;

	address_print(address, &record->remote);
	if (source && source->any.sa_family != record->remote.any.sa_family)
		return target_fail(problem, -EINVAL, "the source must be an address of the same kind as the target %s", address);
	err = route_find(&record->remote, interface, source, route);
	/* All that a route says may have been said by the user. */
	if (err && interface && source && record->knows_mac) {
		*route = (struct route){ ROUTE_UNICAST, interface, *source, record->remote };
		err = 0;
	}
	if (err == -EADDRNOTAVAIL)
		return target_fail(problem, err, "there is no source address for %s: give one with --source", address);
	if (err)
		return target_fail(problem, err, "there is no route to %s: %s", address, strerror(-err));
	if (route->kind == ROUTE_LOCAL || is_own_address(&record->remote))
		return target_fail(problem, -EINVAL, "%s is an address of this machine: the target must be another one",
			address);
	return 0;
}

static int check_interface(unsigned int interface, struct interface_state *state, struct target_problem *problem)
{
	char master[IF_NAMESIZE];
	int err = interface_read(interface, state);

	if (err)
		return target_fail(problem, err, "interface %u: %s", interface, strerror(-err));
	if (state->flags & IFF_LOOPBACK)
		return target_fail(problem, -EINVAL, "interface %s is a loopback: nothing leaves the machine there",
			state->name);
	if (state->type != ARPHRD_ETHER)
		return target_fail(problem, -EINVAL, "interface %s is no Ethernet: netconsole sends nothing else", state->name);
	if (!(state->flags & IFF_UP))
		return target_fail(problem, -ENETDOWN, "interface %s is down: ip link set %s up", state->name, state->name);
	if (state->master && if_indextoname(state->master, master))
		return target_fail(problem, -EBUSY, "interface %s is a part of %s, which is the one to use", state->name,
			master);
	return 0;
}

static int find_mac(const struct record *record, const struct route *route, const struct interface_state *state,
	__u8 mac[ETH_ALEN], struct target_problem *problem)
{
	char hop[ADDRESS_TEXT_MAX];
	int err;

	if (record->knows_mac) {
		memcpy(mac, record->mac, ETH_ALEN);
		return 0;
	}
	address_print(hop, &route->next_hop);
	err = mac_find(route, record->timeout, mac);
	if (err == -ETIMEDOUT && !interface_has_carrier(state->flags))
		return target_fail(problem, err, "interface %s has no carrier, and %s does not answer", state->name, hop);
	if (err == -ETIMEDOUT)
		return target_fail(problem, err, "%s does not answer on %s: its MAC address is not known: give it with --mac",
			hop, state->name);
	if (err)
		return target_fail(problem, err, "the MAC address of %s is not known: %s: give it with --mac", hop,
			strerror(-err));
	return 0;
}

/* One that is given is looked at first: what is wrong with it says more than that there is no route. */
static int find_way(const struct record *record, struct route *route, struct interface_state *state,
	struct target_problem *problem)
{
	unsigned int interface = *record->interface ? if_nametoindex(record->interface) : 0;
	int err = 0;

	if (*record->interface && !interface)
		return target_fail(problem, -ENODEV, "there is no interface %s", record->interface);
	if (interface)
		err = check_interface(interface, state, problem);
	if (!err)
		err = find_route(record, interface, route, problem);
	if (!err && !interface)
		err = check_interface(route->interface, state, problem);
	return err;
}

int target_complete(const struct record *record, struct target *target, struct target_problem *problem)
{
	struct route route;
	struct interface_state state;
	int err = find_way(record, &route, &state, problem);

	if (err)
		return err;
	*target = (struct target){
		.is_enabled = true,
		.is_extended = !record->is_basic,
		.local = route.source,
		.remote = record->remote,
		.entries = record->entries,
		.sysdata = record->sysdata,
	};
	memcpy(target->name, record->name, sizeof(target->name));
	memcpy(target->interface, state.name, sizeof(target->interface));
	memcpy(target->userdata, record->userdata, sizeof(record->userdata));
	address_set_port(&target->local, record->source_port);
	return find_mac(record, &route, &state, target->mac, problem);
}
