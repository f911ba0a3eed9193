// SPDX-License-Identifier: GPL-2.0-or-later
/* The state of a server as JSON. */
#include <string.h>
#include "../../lib/text/json.h"
#include "internal.h"

static struct json_object *line_object(const struct server *server)
{
	struct json_object *object = json_object_new_object();

	json_add_text(object, "target", server->settings->line.target);
	json_add_string(object, "kind", line_kind(server->line));
	json_add_flag(object, "is_up", line_is_up(server->line));
	json_add_text(object, "problem", *line_words(server->line) ? line_words(server->line) : NULL);
	json_add_number(object, "came", server->counters.line_came);
	json_add_number(object, "went", server->counters.line_went);
	return object;
}

static struct json_object *client_object(const struct server *server, const struct session *session)
{
	struct json_object *object = json_object_new_object();

	json_add_number(object, "id", session->id);
	json_add_text(object, "who", session->who);
	json_add_flag(object, "watches", session->is_watching);
	json_add_flag(object, "writes", server->token.holder == session->id);
	json_add_number(object, "since", session->since);
	json_add_number(object, "sent", session->sent);
	json_add_number(object, "received", session->received);
	json_add_number(object, "waiting", session->out.used);
	json_add_number(object, "missed", session->missed_ever);
	json_add_number(object, "notices_missed", session->notices_missed);
	json_add_number(object, "rows", session->window.rows);
	json_add_number(object, "columns", session->window.columns);
	return object;
}

static struct json_object *clients_object(const struct server *server)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < server->session_count; i++)
		if (!server->sessions[i]->is_closed && server->sessions[i]->state == SESSION_OPEN)
			json_object_array_add(list, client_object(server, server->sessions[i]));
	return list;
}

static struct json_object *counters_object(const struct server *server)
{
	const struct server_counters *counters = &server->counters;
	struct json_object *object = json_object_new_object();

	json_add_number(object, "from_machine", counters->from_machine);
	json_add_number(object, "to_machine", counters->to_machine);
	json_add_number(object, "waiting_to_machine", server->input.used);
	json_add_number(object, "discarded", counters->discarded);
	json_add_number(object, "missed", counters->missed);
	json_add_number(object, "breaks", counters->breaks);
	json_add_number(object, "takeovers", counters->takeovers);
	json_add_number(object, "connections", counters->connections);
	json_add_number(object, "connections_refused", counters->connections_refused);
	json_add_number(object, "strangers", counters->strangers);
	return object;
}

void session_send_status(struct server *server, struct session *session)
{
	const struct server_observer *observer = server->settings->observer;
	struct json_object *status = json_object_new_object();
	const char *text;
	size_t size;

	json_add_text(status, "name", server->settings->name);
	json_add_number(status, "started", server->started.real / CLOCK_SECOND);
	json_object_object_add(status, "line", line_object(server));
	json_object_object_add(status, "clients", clients_object(server));
	json_object_object_add(status, "counters", counters_object(server));
	observer->add_status(observer->context, status);
	text = json_object_to_json_string_length(status, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE, &size);
	if (text)
		session_put_pieces(session, FRAME_STATUS, text, size);
	session_put(session, FRAME_STATUS, NULL, 0);
	json_object_put(status);
}
