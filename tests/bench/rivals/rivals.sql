-- The same cards as tables that a GraphQL server over PostgreSQL likes: rows, junctions, foreign keys.
create schema rival;
create table rival.network as select id, name, home from networks;
alter table rival.network add primary key (id);
create table rival.card as
  select id, body ->> 'title' as title, body ->> 'acronym' as acronym, body ->> 'kind' as kind,
    initcap(body ->> 'kind') as kind_text, origin as network_id, body ->> 'country' as country_key,
    body ->> 'website' as website, body ->> 'purpose' as purpose,
    (body ->> 'listed_publicly')::bool as listed_publicly,
    to_timestamp((body ->> 'confirmed_at')::bigint) as confirmed_at, false as unconfirmed,
    'It fits what was asked.' as why, tags, number
  from cards;
alter table rival.card add primary key (id);
create index on rival.card using gin (tags);
create index on rival.card (country_key);
create index on rival.card (network_id);
alter table rival.card add foreign key (network_id) references rival.network;
alter table rival.card add foreign key (country_key) references rival.region;
comment on column rival.card.tags is '@behavior -*';
comment on column rival.card.number is '@behavior -*';
create table rival.card_issue as
  select c.id as card_id, k.key as issue_key from cards c, jsonb_array_elements_text(body -> 'issues') k (key);
create table rival.card_region as
  select c.id as card_id, k.key as region_key from cards c, jsonb_array_elements_text(body -> 'regions') k (key);
create table rival.card_language as
  select c.id as card_id, k.key as language_key from cards c, jsonb_array_elements_text(body -> 'languages') k (key);
create table rival.card_offer as
  select c.id as card_id, k.key as offer_key from cards c, jsonb_array_elements_text(body -> 'offers') k (key);
alter table rival.card_issue add primary key (card_id, issue_key),
  add foreign key (card_id) references rival.card, add foreign key (issue_key) references rival.issue;
alter table rival.card_region add primary key (card_id, region_key),
  add foreign key (card_id) references rival.card, add foreign key (region_key) references rival.region;
alter table rival.card_language add primary key (card_id, language_key),
  add foreign key (card_id) references rival.card, add foreign key (language_key) references rival.language;
alter table rival.card_offer add primary key (card_id, offer_key),
  add foreign key (card_id) references rival.card, add foreign key (offer_key) references rival.offer;
create function rival.find_allies(issues text[], regions text[]) returns setof rival.card language sql stable as $$
  select * from rival.card c where c.tags && issues and c.tags && regions order by number desc
$$;
analyze;
