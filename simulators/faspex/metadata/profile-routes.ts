import { stamp } from '../dates.ts';
import { refusal } from '../errors.ts';
import { matchesSearch, pageOf } from '../listing.ts';
import type { Profile, ProfileField } from '../model.ts';
import type { Routes } from '../route.ts';
import type { World } from '../world.ts';

const fieldView = (field: ProfileField, ordering: number) => ({
  id: field.id,
  name: field.name,
  type: field.type,
  require: field.required,
  ordering,
  visible: true,
  ...(field.maxLength === undefined ? {} : { max_length: field.maxLength, illegal_chars: [] }),
  ...(field.choices === undefined ? {} : { choices: field.choices }),
  ...(field.dateFormat === undefined ? {} : { date_format: field.dateFormat }),
});

const profileView = (profile: Profile) => ({
  id: profile.id,
  created_at: stamp(profile.createdAt),
  updated_at: stamp(profile.createdAt),
  name: profile.name,
  default: profile.isDefault,
  title: { max_length: profile.titleMaxLength, illegal_chars: profile.titleIllegalCharacters },
  note: { max_length: profile.noteMaxLength, illegal_chars: [], enabled: true },
  fields: profile.fields.map(fieldView),
});

/** The profile that normal packages must meet. */
export const defaultProfile = (world: World): Profile | undefined =>
  [...world.profiles.values()].find(({ isDefault }) => isDefault);

function show(profile: Profile | undefined) {
  if (!profile) throw refusal(404, 4600, 'The metadata profile could not be found.');
  return { status: 200, json: profileView(profile) };
}

/** Metadata profiles, read only; the default one needs no token (aspera-apps-api.md §9). */
export function registerProfileRoutes(routes: Routes, world: World): void {
  const path = '/api/v5/configuration/metadata_profiles';
  routes.open('GET', `${path}/default`, () => show(defaultProfile(world)));
  routes.user('GET', path, ({ query }) => {
    const rows = [...world.profiles.values()].filter(({ name }) => matchesSearch(query, [name]));
    return pageOf(query, 'profiles', rows, profileView);
  });
  routes.user('GET', `${path}/:id`, ({ params }) => show(world.profiles.get(params.id ?? '')));
}
