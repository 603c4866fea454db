/* Reading what is assumed of each origin (origins.csv). */
#include "origins.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N_FIELDS = 7, LINE_SIZE = 1024 };
enum { F_ORIGIN, F_LOCALITY, F_QUANTITY, F_VALUE, F_SPREAD, F_UNIT, F_READ };

static const char *const field_names[N_FIELDS] = {"origin", "locality", "quantity", "value", "spread", "unit", "read"};

static const char *const scalar_names[N_SCALARS] = {
    "fluid_share",       "fluid_share_spread",   "fluid_locality_spread",
    "coat_stone_spread", "coat_locality_spread", "coat_locality_common",
    "coat_shots",        "coat_alluvial",        "cleaned",
    "cleaned_coat",      "dirt_stone_spread",    "cleaned_dirt",
    "dirt_shots",        "inclusion_chance",     "inclusion_share",
    "spot_spread",       "mass_median",          "mass_spread"};

static const char *const fluid_names[N_FLUIDS] = {"silicic", "carbonatitic", "saline"};
static const char *const mineral_names[N_MINERALS] = {"olivine", "garnet", "sulfide"};

/* The line that is being read. */
typedef struct row {
    const char *path;
    size_t number;
    char *field[N_FIELDS];
    double value, spread;
} row;

static adamas_status fail_row(const row *r, adamas_error *error, const char *what, const char *found,
                              const char *wanted)
{
    return fail(error, ADAMAS_E_FORMAT, "%s:%zu: %s: %s found, %s expected", r->path, r->number, what,
                found[0] ? found : "nothing", wanted);
}

/* Splits a line in place; a field may be in double quotes. Returns the number of fields, N_FIELDS + 1 if there are
 * more.
 */
static int split(char *line, char *field[N_FIELDS])
{
    int n = 0;
    for (char *at = line;;) {
        char *out = at;
        int quoted = *at == '"';
        at += quoted;
        char *start = out;
        while (*at && (quoted || *at != ',')) {
            if (quoted && *at == '"' && *++at != '"') {
                quoted = 0;
                continue;
            }
            *out++ = *at++;
        }
        int more = *at == ',';
        *out = 0;
        if (n < N_FIELDS)
            field[n] = start;
        n++;
        if (!more || n > N_FIELDS)
            return n;
        at++;
    }
}

/* Reads a number of 0 or more; an empty field is 0. */
static adamas_status read_number(double *out, const row *r, int f, adamas_error *error)
{
    char *end;
    *out = strtod(r->field[f], &end);
    if (*end || !isfinite(*out) || *out < 0)
        return fail_row(r, error, field_names[f], r->field[f], "a number of 0 or more");
    return ADAMAS_OK;
}

static int name_index(const char *const *names, int n, const char *name)
{
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0)
            return i;
    return -1;
}

static abundance *abundance_named(origins *o, origin_prior *p, const char *group)
{
    if (p)
        return strcmp(group, "coat") == 0 ? &p->coat : NULL;
    if (strcmp(group, "gem") == 0)
        return &o->gem;
    if (strcmp(group, "dirt") == 0)
        return &o->dirt;
    int fluid = name_index(fluid_names, N_FLUIDS, group), mineral = name_index(mineral_names, N_MINERALS, group);
    return fluid >= 0 ? &o->fluid[fluid] : mineral >= 0 ? &o->mineral[mineral] : NULL;
}

static adamas_status set_abundance(abundance *a, const row *r, const char *symbol, adamas_error *error)
{
    int e = element_find(symbol);
    if (e < 0)
        return fail_row(r, error, "element", symbol, "a symbol of elements.h");
    a->ppm[e] = r->value;
    a->spread[e] = r->spread;
    return ADAMAS_OK;
}

static adamas_status add_locality(origin_prior *p, const row *r, adamas_error *error)
{
    locality *grown = realloc(p->localities, (p->n_localities + 1) * sizeof *grown);
    if (!grown)
        return fail_memory(error);
    p->localities = grown;
    locality *new = &grown[p->n_localities];
    *new = (locality){.number = (uint64_t)r->value, .alluvial = strcmp(r->field[F_UNIT], "alluvial") == 0};
    if (snprintf(new->path, sizeof new->path, "%s/%s", p->name, r->field[F_LOCALITY]) >= (int)sizeof new->path)
        return fail_row(r, error, "locality", r->field[F_LOCALITY], "a shorter name");
    p->n_localities++;
    return ADAMAS_OK;
}

static adamas_status find_or_add_origin(origin_prior **out, origins *o, const row *r, adamas_error *error)
{
    const char *name = r->field[F_ORIGIN];
    for (size_t i = 0; i < o->n; i++)
        if (strcmp(o->origin[i].name, name) == 0) {
            *out = &o->origin[i];
            return ADAMAS_OK;
        }
    if (!name[0] || strlen(name) >= sizeof o->origin->name)
        return fail_row(r, error, "origin", name, "a name of at most 47 bytes, or all");
    origin_prior *grown = realloc(o->origin, (o->n + 1) * sizeof *grown);
    if (!grown)
        return fail_memory(error);
    o->origin = grown;
    *out = &grown[o->n++];
    **out = (origin_prior){.in_library = 1};
    memcpy((*out)->name, name, strlen(name));
    return ADAMAS_OK;
}

static adamas_status set_scalar(origins *o, const row *r, adamas_error *error)
{
    int i = name_index(scalar_names, N_SCALARS, r->field[F_QUANTITY]);
    if (i < 0)
        return fail_row(r, error, "quantity of all origins", r->field[F_QUANTITY],
                        "a name that the file's README lists");
    o->scalar[i] = r->value;
    return ADAMAS_OK;
}

static adamas_status set_origin_quantity(origin_prior *p, const row *r, adamas_error *error)
{
    const char *quantity = r->field[F_QUANTITY];
    int fluid = name_index(fluid_names, N_FLUIDS, quantity);
    if (strcmp(quantity, "locality") == 0)
        return add_locality(p, r, error);
    if (strcmp(quantity, "in_library") == 0)
        p->in_library = r->value > 0;
    else if (strcmp(quantity, "coated") == 0)
        p->coated = r->value;
    else if (strcmp(quantity, "fluid_rich") == 0)
        p->fluid_rich = r->value;
    else if (fluid >= 0)
        p->fluid[fluid] = r->value;
    else
        return fail_row(r, error, "quantity", quantity,
                        "locality, in_library, coated, fluid_rich, silicic, carbonatitic, saline or coat/ELEMENT");
    return ADAMAS_OK;
}

static adamas_status read_row(origins *o, row *r, adamas_error *error)
{
    adamas_status status = read_number(&r->value, r, F_VALUE, error);
    if (!status)
        status = read_number(&r->spread, r, F_SPREAD, error);
    if (status)
        return status;
    if (!r->field[F_READ][0])
        return fail_row(r, error, "read", "", "assumed, or the source");
    origin_prior *p = NULL;
    if (strcmp(r->field[F_ORIGIN], "all") != 0) {
        status = find_or_add_origin(&p, o, r, error);
        if (status)
            return status;
    }
    char *slash = strchr(r->field[F_QUANTITY], '/');
    if (!slash)
        return p ? set_origin_quantity(p, r, error) : set_scalar(o, r, error);
    *slash = 0;
    abundance *a = abundance_named(o, p, r->field[F_QUANTITY]);
    if (!a)
        return fail_row(r, error, "quantity", r->field[F_QUANTITY],
                        p ? "coat/ELEMENT" : "gem, dirt, a fluid or a mineral before /ELEMENT");
    return set_abundance(a, r, slash + 1, error);
}

static adamas_status check_heading(const row *r, adamas_error *error)
{
    for (int f = 0; f < N_FIELDS; f++)
        if (strcmp(r->field[f], field_names[f]) != 0)
            return fail_row(r, error, "heading", r->field[f], field_names[f]);
    return ADAMAS_OK;
}

static adamas_status read_lines(origins *o, const char *path, FILE *file, adamas_error *error)
{
    char line[LINE_SIZE];
    row r = {.path = path};
    adamas_status status = ADAMAS_OK;
    int headed = 0;
    while (!status && fgets(line, sizeof line, file)) {
        r.number++;
        if (!strchr(line, '\n') && !feof(file))
            return fail(error, ADAMAS_E_FORMAT, "%s:%zu: a line of more than %d bytes", path, r.number, LINE_SIZE - 2);
        line[strcspn(line, "\r\n")] = 0;
        if (!line[0] || line[0] == '#')
            continue;
        int n = split(line, r.field);
        if (n != N_FIELDS)
            return fail(error, ADAMAS_E_FORMAT, "%s:%zu: %s%d fields found, %d expected", path, r.number,
                        n > N_FIELDS ? "at least " : "", n, N_FIELDS);
        status = headed ? read_row(o, &r, error) : check_heading(&r, error);
        headed = 1;
    }
    if (!status && ferror(file))
        status = fail(error, ADAMAS_E_FILE, "%s: cannot be read: %s", path, strerror(errno));
    return status;
}

static adamas_status check_complete(const origins *o, const char *path, adamas_error *error)
{
    if (o->n == 0)
        return fail(error, ADAMAS_E_FORMAT, "%s: no origin found, at least one expected", path);
    for (size_t i = 0; i < o->n; i++) {
        const origin_prior *p = &o->origin[i];
        if (p->fluid[0] + p->fluid[1] + p->fluid[2] <= 0)
            return fail(error, ADAMAS_E_FORMAT, "%s: %s: no row silicic, carbonatitic or saline above 0", path,
                        p->name);
        if (p->coated > 1 || p->fluid_rich > 1)
            return fail(error, ADAMAS_E_FORMAT, "%s: %s: coated and fluid_rich are shares, 1 at most", path, p->name);
    }
    return ADAMAS_OK;
}

adamas_status origins_read(origins *out, const char *path, adamas_error *error)
{
    origins o = {0};
    FILE *file = fopen(path, "r");
    if (!file)
        return fail(error, ADAMAS_E_FILE, "%s: cannot be opened: %s", path, strerror(errno));
    adamas_status status = read_lines(&o, path, file, error);
    fclose(file);
    if (!status)
        status = check_complete(&o, path, error);
    if (status)
        origins_clear(&o);
    else
        *out = o;
    return status;
}

void origins_clear(origins *o)
{
    for (size_t i = 0; i < o->n; i++)
        free(o->origin[i].localities);
    free(o->origin);
    *o = (origins){0};
}

const origin_prior *origins_find(const origins *o, const char *name)
{
    for (size_t i = 0; i < o->n; i++)
        if (strcmp(o->origin[i].name, name) == 0)
            return &o->origin[i];
    return NULL;
}

/* Multiplies the distance of one positive number of each origin from the mean of the libraries' origins, on a scale
 * such as ln or logit. */
static void raise_contrast(origins *o, size_t offset, double times, double (*scale)(double), double (*inverse)(double))
{
    double sum = 0, n = 0;
    for (size_t i = 0; i < o->n; i++)
        if (o->origin[i].in_library) {
            sum += scale(*(double *)((char *)&o->origin[i] + offset));
            n++;
        }
    for (size_t i = 0; n > 0 && i < o->n; i++) {
        double *x = (double *)((char *)&o->origin[i] + offset);
        *x = inverse(sum / n + times * (scale(*x) - sum / n));
    }
}

static double logit(double p)
{
    return log(p / (1 - p));
}

static double logistic(double x)
{
    return 1 / (1 + exp(-x));
}

static double ln(double x)
{
    return log(fmax(x, 1e-9));
}

static double exponential(double x)
{
    return exp(x);
}

void origins_raise_contrast(origins *o, double times)
{
    for (size_t e = 0; e < N_ELEMENTS; e++)
        raise_contrast(o, offsetof(origin_prior, coat.ppm) + e * sizeof(double), times, ln, exponential);
    for (size_t f = 0; f < N_FLUIDS; f++)
        raise_contrast(o, offsetof(origin_prior, fluid) + f * sizeof(double), times, ln, exponential);
    raise_contrast(o, offsetof(origin_prior, fluid_rich), times, logit, logistic);
}

locality origin_locality(const origin_prior *o, uint64_t number)
{
    for (size_t i = 0; i < o->n_localities; i++)
        if (o->localities[i].number == number)
            return o->localities[i];
    locality made = {.number = number, .alluvial = number % 2 == 0};
    snprintf(made.path, sizeof made.path, "%s/locality-%llu", o->name, (unsigned long long)number);
    return made;
}
