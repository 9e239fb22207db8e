-- A database of the release before, at 0007, with data in place: a provider, keys, an account, twelve entries and
-- their sums, a spool under way. Its master key is the bytes 0 to 31.
CREATE TABLE public.accounts (
    id character varying(36) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    login character varying(200) NOT NULL,
    name character varying(200) NOT NULL,
    role character varying(20) NOT NULL,
    password_hash text,
    created_at bigint NOT NULL,
    signed_in_at bigint,
    disabled_at bigint,
    revision integer NOT NULL
);
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.conversation_items (
    project_id character varying(36) NOT NULL,
    conversation_id character varying(200) NOT NULL,
    "position" integer NOT NULL,
    id character varying(200) NOT NULL,
    host character varying(200) NOT NULL,
    native boolean NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.conversations (
    project_id character varying(36) NOT NULL,
    id character varying(200) NOT NULL,
    created bigint NOT NULL,
    metadata bytea NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE public.kept_answers (
    project_id character varying(36) NOT NULL,
    id character varying(200) NOT NULL,
    key_id character varying(36) NOT NULL,
    host character varying(200) NOT NULL,
    status character varying(20) NOT NULL,
    created bigint NOT NULL,
    native boolean NOT NULL,
    previous_id character varying(200),
    conversation_id character varying(200),
    background boolean NOT NULL,
    input bytea NOT NULL,
    answer bytea NOT NULL,
    expires_at bigint NOT NULL,
    leased_until bigint
);
CREATE TABLE public.kept_events (
    project_id character varying(36) NOT NULL,
    answer_id character varying(200) NOT NULL,
    number integer NOT NULL,
    body bytea NOT NULL
);
CREATE TABLE public.kept_items (
    project_id character varying(36) NOT NULL,
    id character varying(200) NOT NULL,
    answer_id character varying(200) NOT NULL
);
CREATE TABLE public.key_digests (
    digest bytea NOT NULL,
    key_id character varying(36) NOT NULL,
    hint character varying(20) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint
);
CREATE TABLE public.keys (
    id character varying(36) NOT NULL,
    project_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    owner character varying(20) NOT NULL,
    models jsonb NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    revision integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.ledger_entries (
    id text NOT NULL,
    at bigint NOT NULL,
    operation text NOT NULL,
    client_dialect text NOT NULL,
    organisation text NOT NULL,
    project text NOT NULL,
    key text NOT NULL,
    requested text NOT NULL,
    offering text NOT NULL,
    host text NOT NULL,
    model text NOT NULL,
    maker text NOT NULL,
    upstream_dialect text NOT NULL,
    stream boolean NOT NULL,
    status integer NOT NULL,
    failure text,
    finish text,
    usage_reported boolean NOT NULL,
    input bigint NOT NULL,
    cache_read bigint NOT NULL,
    cache_write bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    audio_in bigint NOT NULL,
    audio_out bigint NOT NULL,
    audio_cache_read bigint NOT NULL,
    image_in bigint NOT NULL,
    image_out bigint NOT NULL,
    web_searches bigint NOT NULL,
    cost numeric(30,12),
    currency text NOT NULL,
    first_event_micros bigint,
    total_micros bigint NOT NULL,
    attempts jsonb NOT NULL,
    losses jsonb NOT NULL,
    request_bytes bigint NOT NULL,
    response_bytes bigint NOT NULL,
    usage_group integer DEFAULT 0 NOT NULL,
    images bigint DEFAULT 0 NOT NULL,
    audio_seconds bigint DEFAULT 0 NOT NULL,
    characters bigint DEFAULT 0 NOT NULL,
    search_units bigint DEFAULT 0 NOT NULL
);
CREATE TABLE public.organisations (
    id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.projects (
    id character varying(36) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.providers (
    id character varying(36) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    host character varying(200) NOT NULL,
    base_url text,
    dialects jsonb NOT NULL,
    settings jsonb NOT NULL,
    models jsonb,
    found_models jsonb,
    found_at bigint,
    owner character varying(20) NOT NULL,
    enabled boolean NOT NULL,
    created_at bigint NOT NULL,
    updated_at bigint NOT NULL,
    revision integer DEFAULT 1 NOT NULL
);
CREATE TABLE public.rules (
    id character varying(36) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    kind character varying(20) NOT NULL,
    "position" integer NOT NULL,
    pattern character varying(200) NOT NULL,
    target character varying(200) NOT NULL,
    owner character varying(20) NOT NULL
);
CREATE TABLE public.secrets (
    id character varying(36) NOT NULL,
    owner_kind character varying(20) NOT NULL,
    owner_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    ciphertext bytea NOT NULL,
    nonce bytea NOT NULL,
    master_key_id character varying(16) NOT NULL,
    hint character varying(20) NOT NULL,
    created_at bigint NOT NULL
);
CREATE TABLE public.service_tokens (
    id character varying(36) NOT NULL,
    organisation_id character varying(36) NOT NULL,
    name character varying(200) NOT NULL,
    role character varying(20) NOT NULL,
    digest bytea NOT NULL,
    hint character varying(20) NOT NULL,
    made_by character varying(200) NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint,
    revoked_at bigint,
    used_at bigint
);
CREATE TABLE public.sessions (
    digest bytea NOT NULL,
    account_id character varying(36),
    by_link boolean NOT NULL,
    created_at bigint NOT NULL,
    used_at bigint NOT NULL,
    expires_at bigint NOT NULL
);
CREATE TABLE public.settings (
    name character varying(200) NOT NULL,
    value jsonb NOT NULL
);
CREATE TABLE public.signin_attempts (
    subject bytea NOT NULL,
    attempts integer NOT NULL,
    since bigint NOT NULL
);
CREATE TABLE public.signin_links (
    digest bytea NOT NULL,
    created_at bigint NOT NULL,
    expires_at bigint NOT NULL,
    used_at bigint,
    account_id character varying(36)
);
CREATE TABLE public.spool_progress (
    file character varying(255) NOT NULL,
    "offset" bigint NOT NULL,
    updated_at bigint NOT NULL
);
CREATE TABLE public.usage_groups (
    id integer NOT NULL,
    digest bytea NOT NULL,
    organisation text NOT NULL,
    project text NOT NULL,
    key text NOT NULL,
    model text NOT NULL,
    host text NOT NULL,
    maker text NOT NULL,
    offering text NOT NULL,
    operation text NOT NULL,
    client_dialect text NOT NULL,
    currency text NOT NULL,
    failed boolean NOT NULL
);
CREATE SEQUENCE public.usage_groups_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.usage_groups_id_seq OWNED BY public.usage_groups.id;
CREATE TABLE public.usage_sums (
    span bigint NOT NULL,
    begin bigint NOT NULL,
    group_id integer NOT NULL,
    entries bigint NOT NULL,
    priced bigint NOT NULL,
    unreported bigint NOT NULL,
    cost_micros bigint NOT NULL,
    cost_picos bigint NOT NULL,
    first_events bigint NOT NULL,
    first_event_micros bigint NOT NULL,
    input bigint NOT NULL,
    cache_read bigint NOT NULL,
    cache_write bigint NOT NULL,
    cache_write_1h bigint NOT NULL,
    output bigint NOT NULL,
    reasoning bigint NOT NULL,
    audio_in bigint NOT NULL,
    audio_out bigint NOT NULL,
    audio_cache_read bigint NOT NULL,
    image_in bigint NOT NULL,
    image_out bigint NOT NULL,
    web_searches bigint NOT NULL,
    total_micros bigint NOT NULL,
    total_latencies numeric NOT NULL,
    first_event_latencies numeric NOT NULL
)
PARTITION BY LIST (span);
CREATE TABLE public.usage_sums_of_days (
    span bigint CONSTRAINT usage_sums_span_not_null NOT NULL,
    begin bigint CONSTRAINT usage_sums_begin_not_null NOT NULL,
    group_id integer CONSTRAINT usage_sums_group_id_not_null NOT NULL,
    entries bigint CONSTRAINT usage_sums_entries_not_null NOT NULL,
    priced bigint CONSTRAINT usage_sums_priced_not_null NOT NULL,
    unreported bigint CONSTRAINT usage_sums_unreported_not_null NOT NULL,
    cost_micros bigint CONSTRAINT usage_sums_cost_micros_not_null NOT NULL,
    cost_picos bigint CONSTRAINT usage_sums_cost_picos_not_null NOT NULL,
    first_events bigint CONSTRAINT usage_sums_first_events_not_null NOT NULL,
    first_event_micros bigint CONSTRAINT usage_sums_first_event_micros_not_null NOT NULL,
    input bigint CONSTRAINT usage_sums_input_not_null NOT NULL,
    cache_read bigint CONSTRAINT usage_sums_cache_read_not_null NOT NULL,
    cache_write bigint CONSTRAINT usage_sums_cache_write_not_null NOT NULL,
    cache_write_1h bigint CONSTRAINT usage_sums_cache_write_1h_not_null NOT NULL,
    output bigint CONSTRAINT usage_sums_output_not_null NOT NULL,
    reasoning bigint CONSTRAINT usage_sums_reasoning_not_null NOT NULL,
    audio_in bigint CONSTRAINT usage_sums_audio_in_not_null NOT NULL,
    audio_out bigint CONSTRAINT usage_sums_audio_out_not_null NOT NULL,
    audio_cache_read bigint CONSTRAINT usage_sums_audio_cache_read_not_null NOT NULL,
    image_in bigint CONSTRAINT usage_sums_image_in_not_null NOT NULL,
    image_out bigint CONSTRAINT usage_sums_image_out_not_null NOT NULL,
    web_searches bigint CONSTRAINT usage_sums_web_searches_not_null NOT NULL,
    total_micros bigint CONSTRAINT usage_sums_total_micros_not_null NOT NULL,
    total_latencies numeric CONSTRAINT usage_sums_total_latencies_not_null NOT NULL,
    first_event_latencies numeric CONSTRAINT usage_sums_first_event_latencies_not_null NOT NULL
);
CREATE TABLE public.usage_sums_of_half_hours (
    span bigint CONSTRAINT usage_sums_span_not_null NOT NULL,
    begin bigint CONSTRAINT usage_sums_begin_not_null NOT NULL,
    group_id integer CONSTRAINT usage_sums_group_id_not_null NOT NULL,
    entries bigint CONSTRAINT usage_sums_entries_not_null NOT NULL,
    priced bigint CONSTRAINT usage_sums_priced_not_null NOT NULL,
    unreported bigint CONSTRAINT usage_sums_unreported_not_null NOT NULL,
    cost_micros bigint CONSTRAINT usage_sums_cost_micros_not_null NOT NULL,
    cost_picos bigint CONSTRAINT usage_sums_cost_picos_not_null NOT NULL,
    first_events bigint CONSTRAINT usage_sums_first_events_not_null NOT NULL,
    first_event_micros bigint CONSTRAINT usage_sums_first_event_micros_not_null NOT NULL,
    input bigint CONSTRAINT usage_sums_input_not_null NOT NULL,
    cache_read bigint CONSTRAINT usage_sums_cache_read_not_null NOT NULL,
    cache_write bigint CONSTRAINT usage_sums_cache_write_not_null NOT NULL,
    cache_write_1h bigint CONSTRAINT usage_sums_cache_write_1h_not_null NOT NULL,
    output bigint CONSTRAINT usage_sums_output_not_null NOT NULL,
    reasoning bigint CONSTRAINT usage_sums_reasoning_not_null NOT NULL,
    audio_in bigint CONSTRAINT usage_sums_audio_in_not_null NOT NULL,
    audio_out bigint CONSTRAINT usage_sums_audio_out_not_null NOT NULL,
    audio_cache_read bigint CONSTRAINT usage_sums_audio_cache_read_not_null NOT NULL,
    image_in bigint CONSTRAINT usage_sums_image_in_not_null NOT NULL,
    image_out bigint CONSTRAINT usage_sums_image_out_not_null NOT NULL,
    web_searches bigint CONSTRAINT usage_sums_web_searches_not_null NOT NULL,
    total_micros bigint CONSTRAINT usage_sums_total_micros_not_null NOT NULL,
    total_latencies numeric CONSTRAINT usage_sums_total_latencies_not_null NOT NULL,
    first_event_latencies numeric CONSTRAINT usage_sums_first_event_latencies_not_null NOT NULL
);
CREATE TABLE public.usage_sums_of_hours (
    span bigint CONSTRAINT usage_sums_span_not_null NOT NULL,
    begin bigint CONSTRAINT usage_sums_begin_not_null NOT NULL,
    group_id integer CONSTRAINT usage_sums_group_id_not_null NOT NULL,
    entries bigint CONSTRAINT usage_sums_entries_not_null NOT NULL,
    priced bigint CONSTRAINT usage_sums_priced_not_null NOT NULL,
    unreported bigint CONSTRAINT usage_sums_unreported_not_null NOT NULL,
    cost_micros bigint CONSTRAINT usage_sums_cost_micros_not_null NOT NULL,
    cost_picos bigint CONSTRAINT usage_sums_cost_picos_not_null NOT NULL,
    first_events bigint CONSTRAINT usage_sums_first_events_not_null NOT NULL,
    first_event_micros bigint CONSTRAINT usage_sums_first_event_micros_not_null NOT NULL,
    input bigint CONSTRAINT usage_sums_input_not_null NOT NULL,
    cache_read bigint CONSTRAINT usage_sums_cache_read_not_null NOT NULL,
    cache_write bigint CONSTRAINT usage_sums_cache_write_not_null NOT NULL,
    cache_write_1h bigint CONSTRAINT usage_sums_cache_write_1h_not_null NOT NULL,
    output bigint CONSTRAINT usage_sums_output_not_null NOT NULL,
    reasoning bigint CONSTRAINT usage_sums_reasoning_not_null NOT NULL,
    audio_in bigint CONSTRAINT usage_sums_audio_in_not_null NOT NULL,
    audio_out bigint CONSTRAINT usage_sums_audio_out_not_null NOT NULL,
    audio_cache_read bigint CONSTRAINT usage_sums_audio_cache_read_not_null NOT NULL,
    image_in bigint CONSTRAINT usage_sums_image_in_not_null NOT NULL,
    image_out bigint CONSTRAINT usage_sums_image_out_not_null NOT NULL,
    web_searches bigint CONSTRAINT usage_sums_web_searches_not_null NOT NULL,
    total_micros bigint CONSTRAINT usage_sums_total_micros_not_null NOT NULL,
    total_latencies numeric CONSTRAINT usage_sums_total_latencies_not_null NOT NULL,
    first_event_latencies numeric CONSTRAINT usage_sums_first_event_latencies_not_null NOT NULL
);
CREATE TABLE public.usage_sums_of_quarter_days (
    span bigint CONSTRAINT usage_sums_span_not_null NOT NULL,
    begin bigint CONSTRAINT usage_sums_begin_not_null NOT NULL,
    group_id integer CONSTRAINT usage_sums_group_id_not_null NOT NULL,
    entries bigint CONSTRAINT usage_sums_entries_not_null NOT NULL,
    priced bigint CONSTRAINT usage_sums_priced_not_null NOT NULL,
    unreported bigint CONSTRAINT usage_sums_unreported_not_null NOT NULL,
    cost_micros bigint CONSTRAINT usage_sums_cost_micros_not_null NOT NULL,
    cost_picos bigint CONSTRAINT usage_sums_cost_picos_not_null NOT NULL,
    first_events bigint CONSTRAINT usage_sums_first_events_not_null NOT NULL,
    first_event_micros bigint CONSTRAINT usage_sums_first_event_micros_not_null NOT NULL,
    input bigint CONSTRAINT usage_sums_input_not_null NOT NULL,
    cache_read bigint CONSTRAINT usage_sums_cache_read_not_null NOT NULL,
    cache_write bigint CONSTRAINT usage_sums_cache_write_not_null NOT NULL,
    cache_write_1h bigint CONSTRAINT usage_sums_cache_write_1h_not_null NOT NULL,
    output bigint CONSTRAINT usage_sums_output_not_null NOT NULL,
    reasoning bigint CONSTRAINT usage_sums_reasoning_not_null NOT NULL,
    audio_in bigint CONSTRAINT usage_sums_audio_in_not_null NOT NULL,
    audio_out bigint CONSTRAINT usage_sums_audio_out_not_null NOT NULL,
    audio_cache_read bigint CONSTRAINT usage_sums_audio_cache_read_not_null NOT NULL,
    image_in bigint CONSTRAINT usage_sums_image_in_not_null NOT NULL,
    image_out bigint CONSTRAINT usage_sums_image_out_not_null NOT NULL,
    web_searches bigint CONSTRAINT usage_sums_web_searches_not_null NOT NULL,
    total_micros bigint CONSTRAINT usage_sums_total_micros_not_null NOT NULL,
    total_latencies numeric CONSTRAINT usage_sums_total_latencies_not_null NOT NULL,
    first_event_latencies numeric CONSTRAINT usage_sums_first_event_latencies_not_null NOT NULL
);
ALTER TABLE ONLY public.usage_sums ATTACH PARTITION public.usage_sums_of_days FOR VALUES IN ('86400000000');
ALTER TABLE ONLY public.usage_sums ATTACH PARTITION public.usage_sums_of_half_hours FOR VALUES IN ('1800000000');
ALTER TABLE ONLY public.usage_sums ATTACH PARTITION public.usage_sums_of_hours FOR VALUES IN ('3600000000');
ALTER TABLE ONLY public.usage_sums ATTACH PARTITION public.usage_sums_of_quarter_days FOR VALUES IN ('21600000000');
ALTER TABLE ONLY public.usage_groups ALTER COLUMN id SET DEFAULT nextval('public.usage_groups_id_seq'::regclass);
INSERT INTO public.accounts VALUES ('01a20248-e75f-722e-8bbb-3fa6e9f0161b', '01a20248-e4fd-7c08-aaa8-14cf821ce141', 'ada', 'Ada', 'owner', 'x', 1795334661983156, NULL, NULL, 1);
INSERT INTO public.alembic_version VALUES ('0007');
INSERT INTO public.key_digests VALUES ('\xa2498d51d726e7595f6278b8405e17470eca53d028e2085e435f81a522c41566', '01a20248-e50c-738b-91dc-0ca1fad08760', 'a-key…fore', 1795334661389194, NULL);
INSERT INTO public.key_digests VALUES ('\xde75ffe4ee429311a2212838057e7653e4e815b238f2709d29249449f5fe8ace', '01a20248-e510-7a05-bc76-b2cbc11eea72', 'a-sec…ease', 1795334661393008, NULL);
INSERT INTO public.keys VALUES ('01a20248-e50c-738b-91dc-0ca1fad08760', '01a20248-e502-769f-8a14-0d9f86e80148', 'demo', 'environment', '[]', 1795334661388242, NULL, NULL, 1);
INSERT INTO public.keys VALUES ('01a20248-e510-7a05-bc76-b2cbc11eea72', '01a20248-e502-769f-8a14-0d9f86e80148', 'kept', 'studio', '["h/*"]', 1795334661392645, NULL, NULL, 1);
INSERT INTO public.ledger_entries VALUES ('e0', 1790000000000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 502, 'upstream_error', NULL, true, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.000000000000, 'USD', 0, 0, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 1, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e1', 1790003600000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0.001000000000, 'USD', 500, 1000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e2', 1790007200000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0.002000000000, 'USD', 1000, 2000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e3', 1790010800000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 3, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0.003000000000, 'USD', 1500, 3000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e4', 1790014400000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 502, 'upstream_error', NULL, true, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0.004000000000, 'USD', 2000, 4000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 1, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e5', 1790018000000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 5, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 0.005000000000, 'USD', 2500, 5000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e6', 1790021600000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 6, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0.006000000000, 'USD', 3000, 6000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e7', 1790025200000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 7, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 0.007000000000, 'USD', 3500, 7000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e8', 1790028800000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 502, 'upstream_error', NULL, true, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0.008000000000, 'USD', 4000, 8000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 1, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e9', 1790032400000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 9, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 0.009000000000, 'USD', 4500, 9000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e10', 1790036000000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 10, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 0.010000000000, 'USD', 5000, 10000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.ledger_entries VALUES ('e11', 1790039600000000, 'chat', 'openai-chat', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'h/m', 'h/m', 'h', 'm', '', 'openai-chat', false, 200, NULL, NULL, true, 11, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0, 0.011000000000, 'USD', 5500, 11000, '[{"offering": "h/m"}]', '[{"code": "a", "path": "b", "detail": "", "severity": "degraded"}]', 0, 0, 2, 0, 0, 0, 0);
INSERT INTO public.organisations VALUES ('01a20248-e4fd-7c08-aaa8-14cf821ce141', 'default', 1795334661373796);
INSERT INTO public.projects VALUES ('01a20248-e502-769f-8a14-0d9f86e80148', '01a20248-e4fd-7c08-aaa8-14cf821ce141', 'default', 1795334661378428);
INSERT INTO public.providers VALUES ('01a20248-e5d1-7eea-a3e8-38bdb08e7410', '01a20248-e4fd-7c08-aaa8-14cf821ce141', 'h', 'custom', 'http://127.0.0.1:9/v1', '{}', '{}', '["m"]', NULL, NULL, 'studio', true, 1795334661585949, 1795334661585949, 1);
INSERT INTO public.secrets VALUES ('01a20248-e5d6-72e4-9fdb-0f25a7f494e7', 'provider', '01a20248-e5d1-7eea-a3e8-38bdb08e7410', 'secret', '\xe0ab405b49e39a983a431aee9e85a0286bfdea2874af72a05fa95c00c5587839adb1e7735940636f7671', '\xcb48cf96e123b78d80466288', '439898609c4095fa', '…fore', 1795334661590191);
INSERT INTO public.settings VALUES ('begun', '1795334661379805');
INSERT INTO public.settings VALUES ('revision', '3');
INSERT INTO public.spool_progress VALUES ('worker-1-x.spool', 4711, 1795334661998604);
INSERT INTO public.usage_groups VALUES (1, '\x702e49aee7fa8c3c6b51c8d04d5d9c64', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'm', 'h', '', 'h/m', 'chat', 'openai-chat', 'USD', true);
INSERT INTO public.usage_groups VALUES (2, '\xa566bee139bc7e87fd716b9a1ca66b5c', '01a20248-e4fd-7c08-aaa8-14cf821ce141', '01a20248-e502-769f-8a14-0d9f86e80148', 'k', 'm', 'h', '', 'h/m', 'chat', 'openai-chat', 'USD', false);
INSERT INTO public.usage_sums_of_days VALUES (86400000000, 1789948800000000, 1, 3, 3, 0, 12000, 0, 3, 6000, 12, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 12000, 1000000000000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000001, 1000000000000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000001);
INSERT INTO public.usage_sums_of_days VALUES (86400000000, 1789948800000000, 2, 7, 7, 0, 33000, 0, 7, 16500, 33, 0, 0, 0, 66, 0, 0, 0, 0, 0, 0, 0, 33000, 1000000000000000000000000000000000001000000000001000000000000000000000001000000000000000000000000000000000000000000000001000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000001000000000000, 1000000000000000000000000000000000001000000000001000000000000000000000001000000000000000000000000000000000000000000000001000000000000000000000000000000000001000000000001);
INSERT INTO public.usage_sums_of_days VALUES (86400000000, 1790035200000000, 2, 2, 2, 0, 21000, 0, 2, 10500, 21, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 21000, 1000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1789999200000000, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790002800000000, 2, 1, 1, 0, 1000, 0, 1, 500, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1000, 1000000000000, 1);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790006400000000, 2, 1, 1, 0, 2000, 0, 1, 1000, 2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790010000000000, 2, 1, 1, 0, 3000, 0, 1, 1500, 3, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 3000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790013600000000, 1, 1, 1, 0, 4000, 0, 1, 2000, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790017200000000, 2, 1, 1, 0, 5000, 0, 1, 2500, 5, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 5000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790020800000000, 2, 1, 1, 0, 6000, 0, 1, 3000, 6, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 6000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790024400000000, 2, 1, 1, 0, 7000, 0, 1, 3500, 7, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 7000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790028000000000, 1, 1, 1, 0, 8000, 0, 1, 4000, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 8000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790031600000000, 2, 1, 1, 0, 9000, 0, 1, 4500, 9, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 9000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790035200000000, 2, 1, 1, 0, 10000, 0, 1, 5000, 10, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 10000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_half_hours VALUES (1800000000, 1790038800000000, 2, 1, 1, 0, 11000, 0, 1, 5500, 11, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0, 11000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1789999200000000, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790002800000000, 2, 1, 1, 0, 1000, 0, 1, 500, 1, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 1000, 1000000000000, 1);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790006400000000, 2, 1, 1, 0, 2000, 0, 1, 1000, 2, 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 2000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790010000000000, 2, 1, 1, 0, 3000, 0, 1, 1500, 3, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 3000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790013600000000, 1, 1, 1, 0, 4000, 0, 1, 2000, 4, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 4000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790017200000000, 2, 1, 1, 0, 5000, 0, 1, 2500, 5, 0, 0, 0, 10, 0, 0, 0, 0, 0, 0, 0, 5000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790020800000000, 2, 1, 1, 0, 6000, 0, 1, 3000, 6, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 6000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790024400000000, 2, 1, 1, 0, 7000, 0, 1, 3500, 7, 0, 0, 0, 14, 0, 0, 0, 0, 0, 0, 0, 7000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790028000000000, 1, 1, 1, 0, 8000, 0, 1, 4000, 8, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 8000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790031600000000, 2, 1, 1, 0, 9000, 0, 1, 4500, 9, 0, 0, 0, 18, 0, 0, 0, 0, 0, 0, 0, 9000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790035200000000, 2, 1, 1, 0, 10000, 0, 1, 5000, 10, 0, 0, 0, 20, 0, 0, 0, 0, 0, 0, 0, 10000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_hours VALUES (3600000000, 1790038800000000, 2, 1, 1, 0, 11000, 0, 1, 5500, 11, 0, 0, 0, 22, 0, 0, 0, 0, 0, 0, 0, 11000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_quarter_days VALUES (21600000000, 1789992000000000, 1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);
INSERT INTO public.usage_sums_of_quarter_days VALUES (21600000000, 1789992000000000, 2, 3, 3, 0, 6000, 0, 3, 3000, 6, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 6000, 1000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000001000000000000, 1000000000000000000000000000000000001000000000001);
INSERT INTO public.usage_sums_of_quarter_days VALUES (21600000000, 1790013600000000, 1, 2, 2, 0, 12000, 0, 2, 6000, 12, 0, 0, 0, 24, 0, 0, 0, 0, 0, 0, 0, 12000, 1000000000000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000000000000000000000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_quarter_days VALUES (21600000000, 1790013600000000, 2, 4, 4, 0, 27000, 0, 4, 13500, 27, 0, 0, 0, 54, 0, 0, 0, 0, 0, 0, 0, 27000, 1000000000000000000000000000000000001000000000001000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000000000000000000000000000001000000000001000000000000000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
INSERT INTO public.usage_sums_of_quarter_days VALUES (21600000000, 1790035200000000, 2, 2, 2, 0, 21000, 0, 2, 10500, 21, 0, 0, 0, 42, 0, 0, 0, 0, 0, 0, 0, 21000, 1000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000, 1000000000001000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000);
SELECT pg_catalog.setval('public.usage_groups_id_seq', 2, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT pk_accounts PRIMARY KEY (id);
ALTER TABLE ONLY public.conversation_items
    ADD CONSTRAINT pk_conversation_items PRIMARY KEY (project_id, conversation_id, "position");
ALTER TABLE ONLY public.conversations
    ADD CONSTRAINT pk_conversations PRIMARY KEY (project_id, id);
ALTER TABLE ONLY public.kept_answers
    ADD CONSTRAINT pk_kept_answers PRIMARY KEY (project_id, id);
ALTER TABLE ONLY public.kept_events
    ADD CONSTRAINT pk_kept_events PRIMARY KEY (project_id, answer_id, number);
ALTER TABLE ONLY public.kept_items
    ADD CONSTRAINT pk_kept_items PRIMARY KEY (project_id, id);
ALTER TABLE ONLY public.key_digests
    ADD CONSTRAINT pk_key_digests PRIMARY KEY (digest);
ALTER TABLE ONLY public.keys
    ADD CONSTRAINT pk_keys PRIMARY KEY (id);
ALTER TABLE ONLY public.ledger_entries
    ADD CONSTRAINT pk_ledger_entries PRIMARY KEY (id);
ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT pk_organisations PRIMARY KEY (id);
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT pk_projects PRIMARY KEY (id);
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT pk_providers PRIMARY KEY (id);
ALTER TABLE ONLY public.rules
    ADD CONSTRAINT pk_rules PRIMARY KEY (id);
ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT pk_secrets PRIMARY KEY (id);
ALTER TABLE ONLY public.service_tokens
    ADD CONSTRAINT pk_service_tokens PRIMARY KEY (id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (digest);
ALTER TABLE ONLY public.settings
    ADD CONSTRAINT pk_settings PRIMARY KEY (name);
ALTER TABLE ONLY public.signin_attempts
    ADD CONSTRAINT pk_signin_attempts PRIMARY KEY (subject);
ALTER TABLE ONLY public.signin_links
    ADD CONSTRAINT pk_signin_links PRIMARY KEY (digest);
ALTER TABLE ONLY public.spool_progress
    ADD CONSTRAINT pk_spool_progress PRIMARY KEY (file);
ALTER TABLE ONLY public.usage_groups
    ADD CONSTRAINT pk_usage_groups PRIMARY KEY (id);
ALTER TABLE ONLY public.usage_sums
    ADD CONSTRAINT pk_usage_sums PRIMARY KEY (span, begin, group_id);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT uq_accounts_organisation_id_login UNIQUE (organisation_id, login);
ALTER TABLE ONLY public.organisations
    ADD CONSTRAINT uq_organisations_name UNIQUE (name);
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT uq_projects_organisation_id_name UNIQUE (organisation_id, name);
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT uq_providers_organisation_id_name UNIQUE (organisation_id, name);
ALTER TABLE ONLY public.rules
    ADD CONSTRAINT uq_rules_organisation_id_kind_owner_position UNIQUE (organisation_id, kind, owner, "position");
ALTER TABLE ONLY public.secrets
    ADD CONSTRAINT uq_secrets_owner_kind_owner_id_name UNIQUE (owner_kind, owner_id, name);
ALTER TABLE ONLY public.service_tokens
    ADD CONSTRAINT uq_service_tokens_digest UNIQUE (digest);
ALTER TABLE ONLY public.usage_groups
    ADD CONSTRAINT uq_usage_groups_digest UNIQUE (digest);
ALTER TABLE ONLY public.usage_sums_of_days
    ADD CONSTRAINT usage_sums_of_days_pkey PRIMARY KEY (span, begin, group_id);
ALTER TABLE ONLY public.usage_sums_of_half_hours
    ADD CONSTRAINT usage_sums_of_half_hours_pkey PRIMARY KEY (span, begin, group_id);
ALTER TABLE ONLY public.usage_sums_of_hours
    ADD CONSTRAINT usage_sums_of_hours_pkey PRIMARY KEY (span, begin, group_id);
ALTER TABLE ONLY public.usage_sums_of_quarter_days
    ADD CONSTRAINT usage_sums_of_quarter_days_pkey PRIMARY KEY (span, begin, group_id);
CREATE INDEX ix_conversation_items_project_id_id ON public.conversation_items USING btree (project_id, id);
CREATE INDEX ix_conversations_expires_at ON public.conversations USING btree (expires_at);
CREATE INDEX ix_kept_answers_expires_at ON public.kept_answers USING btree (expires_at);
CREATE INDEX ix_kept_items_project_id_answer_id ON public.kept_items USING btree (project_id, answer_id);
CREATE INDEX ix_key_digests_key_id ON public.key_digests USING btree (key_id);
CREATE INDEX ix_ledger_entries_at ON public.ledger_entries USING btree (at);
CREATE INDEX ix_ledger_entries_usage_group_at ON public.ledger_entries USING btree (usage_group, at);
CREATE INDEX ix_sessions_account_id ON public.sessions USING btree (account_id);
CREATE INDEX ix_signin_attempts_since ON public.signin_attempts USING btree (since);
CREATE UNIQUE INDEX uq_keys_project_id_name ON public.keys USING btree (project_id, name) WHERE (revoked_at IS NULL);
CREATE UNIQUE INDEX uq_service_tokens_organisation_id_name ON public.service_tokens USING btree (organisation_id, name) WHERE (revoked_at IS NULL);
ALTER INDEX public.pk_usage_sums ATTACH PARTITION public.usage_sums_of_days_pkey;
ALTER INDEX public.pk_usage_sums ATTACH PARTITION public.usage_sums_of_half_hours_pkey;
ALTER INDEX public.pk_usage_sums ATTACH PARTITION public.usage_sums_of_hours_pkey;
ALTER INDEX public.pk_usage_sums ATTACH PARTITION public.usage_sums_of_quarter_days_pkey;
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT fk_accounts_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.key_digests
    ADD CONSTRAINT fk_key_digests_key_id FOREIGN KEY (key_id) REFERENCES public.keys(id);
ALTER TABLE ONLY public.keys
    ADD CONSTRAINT fk_keys_project_id FOREIGN KEY (project_id) REFERENCES public.projects(id);
ALTER TABLE ONLY public.projects
    ADD CONSTRAINT fk_projects_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.providers
    ADD CONSTRAINT fk_providers_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.rules
    ADD CONSTRAINT fk_rules_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.service_tokens
    ADD CONSTRAINT fk_service_tokens_organisation_id FOREIGN KEY (organisation_id) REFERENCES public.organisations(id);
ALTER TABLE ONLY public.sessions
    ADD CONSTRAINT fk_sessions_account_id FOREIGN KEY (account_id) REFERENCES public.accounts(id);
