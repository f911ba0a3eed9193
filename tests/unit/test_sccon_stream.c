// SPDX-License-Identifier: GPL-2.0-or-later
/* What sccon sends: its ring, its answers to the firmware's, and carriage returns. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include "sccon/kernel/returns.h"
#include "tests/sccon/stream_model.h"

static uint64_t chance_state = 1;

static unsigned int chance(unsigned int below)
{
	chance_state ^= chance_state << 13;
	chance_state ^= chance_state >> 7;
	chance_state ^= chance_state << 17;
	return (unsigned int)((chance_state >> 20) % below);
}

static void a_ring_gives_back_what_was_put_also_over_its_end(void **state)
{
	unsigned char buffer[8], out[16];
	struct sccon_ring ring = { .bytes = buffer, .size = 8, .in = -3U, .out = -3U };

	(void)state;
	assert_int_equal(sccon_ring_put(&ring, (const unsigned char *)"abcdef", 6), 6);
	assert_int_equal(sccon_ring_room(&ring), 2);
	assert_int_equal(sccon_ring_put(&ring, (const unsigned char *)"ghijk", 5), 2);
	assert_int_equal(sccon_ring_room(&ring), 0);
	assert_int_equal(sccon_ring_peek(&ring, out, 16), 8);
	assert_memory_equal(out, "abcdefgh", 8);
	sccon_ring_drop(&ring, 3);
	assert_int_equal(sccon_ring_peek(&ring, out, 2), 2);
	assert_memory_equal(out, "de", 2);
	sccon_ring_drop(&ring, 100);
	assert_int_equal(sccon_ring_used(&ring), 0);
	assert_int_equal(sccon_ring_peek(&ring, out, 16), 0);
}

static void text_gets_returns_and_is_never_cut(void **state)
{
	unsigned char buffer[16], out[16];
	struct sccon_ring ring = { .bytes = buffer, .size = 16 };

	(void)state;
	assert_true(sccon_ring_put_text(&ring, "a\n\nb\n", 5));
	assert_int_equal(sccon_ring_peek(&ring, out, 16), 8);
	assert_memory_equal(out, "a\r\n\r\nb\r\n", 8);
	assert_false(sccon_ring_put_text(&ring, "1234567\n", 8));
	assert_int_equal(sccon_ring_used(&ring), 8);
	assert_true(sccon_ring_put_text(&ring, "123456\n", 7));
	assert_int_equal(sccon_ring_room(&ring), 0);
	assert_true(sccon_ring_put_text(&ring, "", 0));
}

static void what_is_not_taken_is_offered_again_later_and_later(void **state)
{
	static const unsigned int waits[] = { 1, 2, 4, 8, 16, 20, 20, 20 };
	struct stream_model model;

	(void)state;
	model_begin(&model);
	model_put(&model, 10);
	for (size_t i = 0; i < sizeof(waits) / sizeof(waits[0]); i++) {
		struct sccon_result result = model_call(&model, 63, 2, 0);

		assert_int_equal(result.outcome, SCCON_REFUSED);
		assert_int_equal(result.wait, waits[i]);
	}
	/* For ever, if need be. */
	for (int i = 0; i < 100000; i++)
		assert_int_equal(model_call(&model, 63, 3, 0).outcome, SCCON_REFUSED);
	assert_int_equal(model_call(&model, 63, 0, 3).outcome, SCCON_SHORT);
	assert_int_equal(model_call(&model, 63, 2, 0).wait, 1);
	model_end(&model);
	assert_int_equal(model.stream.lost_ever, 0);
}

static void failures_in_a_row_lose_what_waits_and_that_is_said(void **state)
{
	struct stream_model model;

	(void)state;
	model_begin(&model);
	model_put(&model, 100);
	assert_int_equal(model_call(&model, 9, 7, 0).outcome, SCCON_TAKEN);
	for (int i = 0; i < MODEL_RETRIES; i++)
		assert_int_equal(model_call(&model, 63, 4, 0).outcome, SCCON_FAILED);
	assert_int_equal(model_call(&model, 63, 4, 0).outcome, SCCON_GIVEN_UP);
	assert_int_equal(model.stream.lost_ever, 90);
	/* Still gone: the next is lost at once, and added to what will be said. */
	model_put(&model, 7);
	assert_int_equal(model_call(&model, 63, 4, 0).outcome, SCCON_GIVEN_UP);
	model_put(&model, 20);
	model_end(&model);
	assert_int_equal(model.said, 97);
}

static void give_up(struct stream_model *model)
{
	while (model_call(model, 63, 4, 0).outcome != SCCON_GIVEN_UP)
		;
}

static void a_loss_is_said_also_where_nothing_follows(void **state)
{
	struct stream_model model;

	(void)state;
	model_begin(&model);
	model_put(&model, 10);
	give_up(&model);
	assert_false(sccon_stream_is_empty(&model.stream));
	model_end(&model);
	assert_int_equal(model.said, 10);
}

/* Of which a part was sent: what is lost meanwhile is said behind it, not in it. */
static void a_notice_under_way_comes_to_its_end(void **state)
{
	struct stream_model model;

	(void)state;
	model_begin(&model);
	model_put(&model, 10);
	give_up(&model);
	assert_int_equal(model_call(&model, 4, 7, 0).taken, 5);
	model_put(&model, 7);
	give_up(&model);
	model_put(&model, 3);
	while (!model.said)
		assert_true(model_call(&model, 4, 7, 0).taken > 0);
	assert_int_equal(model.said, 10);
	model_end(&model);
	assert_int_equal(model.said, 17);
}

static void a_success_forgives_failures(void **state)
{
	struct stream_model model;

	(void)state;
	model_begin(&model);
	for (int i = 0; i < 50; i++) {
		model_put(&model, 10);
		for (int j = 0; j < MODEL_RETRIES; j++)
			assert_int_equal(model_call(&model, 63, 4, 0).outcome, SCCON_FAILED);
		model_call(&model, 63, 7, 0);
	}
	model_end(&model);
	assert_int_equal(model.stream.lost_ever, 0);
}

static void more_than_was_given_is_as_good_as_all(void **state)
{
	struct stream_model model;
	struct sccon_result result;

	(void)state;
	model_begin(&model);
	model_put(&model, 30);
	result = model_call(&model, 63, 5, 123456);
	assert_true(result.is_impossible);
	assert_int_equal(result.taken, 30);
	model_end(&model);
}

static void a_line_end_can_be_asked_for(void **state)
{
	unsigned char buffer[64], chunk[64];
	struct sccon_stream stream = { .ring = { .bytes = buffer, .size = 64 } };

	(void)state;
	assert_true(sccon_ring_put_text(&stream.ring, "one\ntwo\n", 8));
	assert_int_equal(sccon_stream_next(&stream, chunk, 64, true), 5);
	sccon_stream_answered(&stream, chunk, 5, 3);
	assert_true(stream.is_mid_line);
	assert_int_equal(sccon_stream_next(&stream, chunk, 64, true), 2);
	sccon_stream_answered(&stream, chunk, 2, 2);
	assert_false(stream.is_mid_line);
}

static void whatever_the_firmware_does_nothing_is_lost_unsaid(void **state)
{
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct stream_model model;
		unsigned int temper = chance(20);

		model_begin(&model);
		for (int step = 0; step < 200; step++) {
			if (!chance(3))
				model_put(&model, chance(300));
			else
				model_call(&model, chance(64), chance(20) < temper ? chance(32) : 7, chance(200));
		}
		model_end(&model);
	}
}

static void returns_before_line_feeds_are_left_to_the_firmware(void **state)
{
	unsigned char out[64];
	unsigned int used;

	(void)state;
	assert_int_equal(sccon_without_returns((const unsigned char *)"a\r\nb\rc\n\r\n", 9, out, &used), 7);
	assert_memory_equal(out, "a\nb\rc\n\n", 7);
	assert_int_equal(used, 9);
	/* What follows the last one is not known yet. */
	assert_int_equal(sccon_without_returns((const unsigned char *)"ab\r", 3, out, &used), 2);
	assert_int_equal(used, 2);
	assert_int_equal(sccon_without_returns((const unsigned char *)"\r", 1, out, &used), 1);
	assert_int_equal(used, 1);
}

/* A firmware that adds returns, and takes as much as it likes, sends what was meant. */
static void returns_come_out_as_they_were(void **state)
{
	(void)state;
	for (int round = 0; round < 20000; round++) {
		unsigned char text[40], wire[120], out[40];
		unsigned int size = 0, sent = 0, length = 1 + chance(sizeof(text));

		for (unsigned int i = 0; i < length; i++) {
			text[i] = (unsigned char)"abc\r\r\r"[chance(6)];
			if (i && text[i - 1] == '\r' && chance(2))
				text[i] = '\n';
		}
		while (sent < length) {
			unsigned int used, count = sccon_without_returns(text + sent, length - sent, out, &used);
			unsigned int taken = chance(count + 1);

			assert_true(count && used);
			for (unsigned int i = 0; i < taken; i++) {
				if (out[i] == '\n')
					wire[size++] = '\r';
				wire[size++] = out[i];
			}
			sent += taken == count ? used : sccon_with_returns(text + sent, used, taken);
		}
		/* A line feed that went out alone after its return was cut off before it would show here. */
		assert_int_equal(size, length);
		assert_memory_equal(wire, text, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_gives_back_what_was_put_also_over_its_end),
		cmocka_unit_test(text_gets_returns_and_is_never_cut),
		cmocka_unit_test(what_is_not_taken_is_offered_again_later_and_later),
		cmocka_unit_test(failures_in_a_row_lose_what_waits_and_that_is_said),
		cmocka_unit_test(a_loss_is_said_also_where_nothing_follows),
		cmocka_unit_test(a_notice_under_way_comes_to_its_end),
		cmocka_unit_test(a_success_forgives_failures),
		cmocka_unit_test(more_than_was_given_is_as_good_as_all),
		cmocka_unit_test(a_line_end_can_be_asked_for),
		cmocka_unit_test(whatever_the_firmware_does_nothing_is_lost_unsaid),
		cmocka_unit_test(returns_before_line_feeds_are_left_to_the_firmware),
		cmocka_unit_test(returns_come_out_as_they_were),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
