// SPDX-License-Identifier: GPL-2.0-or-later
#include "trend.h"
#include <errno.h>
#include <math.h>

/* Pairs of blocks become one. */
static void halve(struct slab_trend *trend)
{
	size_t half = trend->block_count / 2;

	for (size_t i = 0; i < half; i++) {
		const struct slab_trend_block *a = &trend->blocks[2 * i], *b = a + 1;

		trend->blocks[i].time = (a->time + b->time) / 2;
		trend->blocks[i].value = (a->value + b->value) / 2;
	}
	trend->block_count = half;
	trend->per_block *= 2;
}

void slab_trend_add(struct slab_trend *trend, __u64 time, __u64 value)
{
	struct slab_trend_block *block;
	double weight;

	if (!trend->samples++) {
		trend->start = time;
		trend->per_block = 1;
	}
	block = &trend->blocks[trend->block_count];
	if (!trend->in_block++)
		*block = (struct slab_trend_block){ 0 };
	weight = 1.0 / (double)trend->in_block;
	block->time += ((double)(time - trend->start) * 1e-9 - block->time) * weight;
	block->value += ((double)value - block->value) * weight;
	if (trend->in_block < trend->per_block)
		return;
	trend->in_block = 0;
	if (++trend->block_count == SLAB_TREND_BLOCKS)
		halve(trend);
}

/* The least-squares line through the blocks from first on. */
static double fit_line(const struct slab_trend *trend, size_t first, double *at_zero)
{
	double count = (double)(trend->block_count - first), time = 0, value = 0, above = 0,
	       below = 0;

	for (size_t i = first; i < trend->block_count; i++) {
		time += trend->blocks[i].time / count;
		value += trend->blocks[i].value / count;
	}
	for (size_t i = first; i < trend->block_count; i++) {
		double distance = trend->blocks[i].time - time;

		above += distance * (trend->blocks[i].value - value);
		below += distance * distance;
	}
	*at_zero = below > 0 ? value - above / below * time : value;
	return below > 0 ? above / below : 0;
}

/* The variance of the slope, if the blocks are a line and noise. */
static double line_variance(const struct slab_trend *trend, double slope, double at_zero)
{
	double count = (double)trend->block_count, time = 0, below = 0, squares = 0, products = 0,
	       before = 0;
	double correlation;

	for (size_t i = 0; i < trend->block_count; i++)
		time += trend->blocks[i].time / count;
	for (size_t i = 0; i < trend->block_count; i++) {
		double distance = trend->blocks[i].time - time;
		double residual = trend->blocks[i].value - at_zero - slope * trend->blocks[i].time;

		below += distance * distance;
		squares += residual * residual;
		products += i ? residual * before : 0;
		before = residual;
	}
	if (below <= 0)
		return 0;
	correlation = squares > 0 ? fmin(fmax(products / squares, 0), 0.99) : 0;
	return squares / (count - 2) / below * (1 + correlation) / (1 - correlation);
}

/* How many neighbours of an increment still have to do with it. */
static size_t lags(const struct slab_trend *trend)
{
	return (size_t)ceil(sqrt((double)trend->block_count) / 2);
}

/* The variance of the slope, if the blocks are a random walk with a drift. */
static double walk_variance(const struct slab_trend *trend)
{
	size_t count = trend->block_count - 1;
	double increments[SLAB_TREND_BLOCKS], mean = 0, long_run = 0;
	double span = trend->blocks[count].time - trend->blocks[0].time;

	for (size_t i = 0; i < count; i++) {
		increments[i] = trend->blocks[i + 1].value - trend->blocks[i].value;
		mean += increments[i] / (double)count;
	}
	for (size_t lag = 0; lag <= lags(trend); lag++) {
		double weight = 1 - (double)lag / (double)(lags(trend) + 1), sum = 0;

		for (size_t i = lag; i < count; i++)
			sum += (increments[i] - mean) * (increments[i - lag] - mean);
		long_run += (lag ? 2 : 1) * weight * sum / (double)(count - 1);
	}
	/* A least-squares slope of a random walk varies 6/5 as much as its mean increment. */
	return 1.2 * fmax(long_run, 0) * (double)count / (span * span);
}

/*
 * The continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by
 * Lentz.
 */
static double beta_fraction(double a, double b, double x)
{
	const double tiny = 1e-300;
	double c = 1, d = 1 - (a + b) * x / (a + 1), result;

	d = 1 / (fabs(d) < tiny ? tiny : d);
	result = d;
	for (int m = 1; m < 300; m++) {
		double term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));

		for (int half = 0; half < 2; half++) {
			d = 1 + term * d;
			c = 1 + term / c;
			d = 1 / (fabs(d) < tiny ? tiny : d);
			c = fabs(c) < tiny ? tiny : c;
			result *= c * d;
			term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		}
		if (fabs(c * d - 1) < 1e-14)
			break;
	}
	return result;
}

static double incomplete_beta(double a, double b, double x)
{
	double front;

	if (x <= 0 || x >= 1)
		return x >= 1;
	front = exp(lgamma(a + b) - lgamma(a) - lgamma(b) + a * log(x) + b * log1p(-x));
	return x < (a + 1) / (a + b + 2) ? front * beta_fraction(a, b, x) / a
					 : 1 - front * beta_fraction(b, a, 1 - x) / b;
}

/* P(T < t) of Student's distribution. */
static double student(double t, double freedom)
{
	double tail = incomplete_beta(freedom / 2, 0.5, freedom / (freedom + t * t)) / 2;

	return t > 0 ? 1 - tail : tail;
}

int slab_trend_fit(const struct slab_trend *trend, struct slab_trend_fit *fit)
{
	size_t count = trend->block_count;
	double at_zero, ignored, variance, late;

	*fit = (struct slab_trend_fit){ 0 };
	if (trend->samples < SLAB_TREND_SAMPLES_MIN ||
		trend->blocks[count - 1].time <= trend->blocks[0].time)
		return -ENODATA;
	fit->seconds = trend->blocks[count - 1].time - trend->blocks[0].time;
	fit->slope = fit_line(trend, 0, &at_zero);
	variance = fmax(line_variance(trend, fit->slope, at_zero), walk_variance(trend));
	fit->error = sqrt(variance);
	late = fit_line(trend, count - count / 3, &ignored);
	fit->is_levelling = fit->slope > 0 && late < fit->slope / 4;
	if (fit->error > 0)
		fit->confidence = student(fit->slope / fit->error,
			fmax(1.5 * (double)(count - 1) / (double)(lags(trend) + 1), 2));
	else
		fit->confidence = fit->slope > 0 ? 1 : fit->slope < 0 ? 0 : 0.5;
	return 0;
}
