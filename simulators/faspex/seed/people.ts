import { addUser, externalRights, type Person } from '../account/add-user.ts';
import type { Role, User } from '../model.ts';
import type { World } from '../world.ts';

/** The first is an admin; the second is the plain user with a handful of packages of their own. */
const people: readonly Person[] = [
  ['Ava', 'Lindqvist', 'ava.lindqvist'],
  ['Tomás', 'Rivera', 'tomas.rivera'],
  ['Mina', 'Okafor', 'mina.okafor'],
  ['Jonas', 'Weber', 'jonas.weber'],
  ['Priya', 'Raman', 'priya.raman'],
  ['Zoë', 'Müller', 'zoe.mueller'],
  ['Łukasz', 'Nowak', 'lukasz.nowak'],
  ['陽子', '田中', 'yoko.tanaka'],
  ['Søren', 'Østergaard', 'soren.ostergaard'],
  ['José', 'Álvarez', 'jose.alvarez'],
  ['Hannah', 'Brandt', 'hannah.brandt'],
  ['Omar', 'Haddad', 'omar.haddad'],
  ['Grace', 'Whitfield', 'grace.whitfield'],
  ['Dmitri', 'Sokolov', 'dmitri.sokolov'],
  ['Chloé', 'Bernard', 'chloe.bernard'],
  ['Kwame', 'Mensah', 'kwame.mensah'],
  ['Ingrid', 'Solheim', 'ingrid.solheim'],
  ['Wei', 'Zhang', 'wei.zhang'],
  ['Lucía', 'Fernández', 'lucia.fernandez'],
  ['Patrick', "O'Donnell", 'patrick.odonnell'],
  ['Amara', 'Diallo', 'amara.diallo'],
  ['Niko', 'Virtanen', 'niko.virtanen'],
  ['Elif', 'Yılmaz', 'elif.yilmaz'],
  ['Rafael', 'Costa', 'rafael.costa'],
  ['Beatrix', 'van Dijk', 'beatrix.vandijk'],
  ['Samuel', 'Ng', 'samuel.ng'],
  ['Freya', 'Jónsdóttir', 'freya.jonsdottir'],
  ['Marco', 'Bianchi', 'marco.bianchi'],
  ['Nadia', 'Rahimi', 'nadia.rahimi'],
  ['Oliver', 'Hart', 'oliver.hart'],
];

const outsiders: readonly Person[] = [
  ['Quentin', 'Marsh', 'quentin@studio-marsh.example'],
  ['Rosa', 'Lehmann', 'rosa@lehmann-post.example'],
  ['', '', 'deliveries@northlab.example'],
];

const roleAt = (index: number): Role => {
  if (index === 0 || index === 4) return 'admin';
  return index === 2 || index === 8 ? 'manager' : 'user';
};

/** A few accounts with rights taken away, so that each refusal of a sender can be met. */
const limits: Readonly<Record<string, Partial<User>>> = {
  'zoe.mueller': { forwardingAllowed: false },
  'lukasz.nowak': { sendsToAllUsers: false, sendsToExternal: false },
  'yoko.tanaka': { canSendNormalPackages: 'no', type: 'saml_user' },
  'jose.alvarez': { uploadsAllowed: false, createsFromRemote: false },
};

/** Makes the first `count` people (30 at most), some outsiders and one account that is switched off. Gives the people. */
export function seedPeople(world: World, count: number): readonly User[] {
  const createdAt = world.clock.now() - 400 * 86_400_000;
  const users = people
    .slice(0, count)
    .map((person, index) => addUser(world, person, { role: roleAt(index), createdAt, ...limits[person[2]] }));
  for (const outsider of outsiders) addUser(world, outsider, { ...externalRights, createdAt });
  addUser(world, ['Former', 'Colleague', 'former.colleague'], { active: false, createdAt });
  return users;
}
