/** The tenant that a scenario plays in: the one of the demonstration, with what the scenario has otherwise. */
import { createTenant, type DeviceSecrets, type Tenant } from '../cloud/index.ts';
import { everyDay, hours } from '../shops/build.ts';
import type { Product, Shop } from '../shops/index.ts';
import { withSellers } from '../with-sellers.ts';
import type { ScenarioWorld } from './schema.ts';
import { yuanMinor } from './units.ts';

const SEED = new Uint8Array(32).fill(7);
const DEVICES = ['glasses-01', 'glasses-02'];
/** By the number of devices. Making keys is most of what a world costs, and no scenario depends on them. */
const made = new Map<number, Tenant<DeviceSecrets>>();

function tenantWith(devices: number): Tenant<DeviceSecrets> {
  const known = made.get(devices) ?? createTenant(SEED, { tenant: 'demo', devices: DEVICES.slice(0, devices) });
  made.set(devices, known);
  return known;
}

/** Names a shop or an item that is not there. */
export class SettingError extends Error {
  override readonly name = 'SettingError';
}

/** @throws SettingError */
export function tenantOf(world: ScenarioWorld = {}): Tenant<DeviceSecrets> {
  const tenant = tenantWith(world['other-device'] ? 2 : 1);
  const { shops = {}, 'only-shops': only, balance } = world;
  const known = tenant.shops.map(({ id }) => id);
  const unknown = [...Object.keys(shops), ...(only ?? [])].find((id) => !known.includes(id));
  if (unknown !== undefined) throw new SettingError(`there is no shop ${unknown}; there are ${known.join(', ')}`);
  const changed = tenant.shops
    .filter(({ id }) => only === undefined || only.includes(id))
    .map((shop) => shopWith(shop, shops[shop.id] ?? {}));
  const funds = balance === undefined ? tenant.funds : { ...tenant.funds, amountMinor: yuanMinor(balance) };
  return { ...(only ? withSellers(tenant, only) : tenant), shops: changed, funds };
}

type ShopChange = NonNullable<ScenarioWorld['shops']>[string];

function shopWith(shop: Shop, change: ShopChange): Shop {
  const { hours: open, minimum, delivery, 'radius-m': radiusM, stock = {}, price = {}, title = {} } = change;
  const items = shop.products.map(({ itemId }) => itemId);
  const unknown = [stock, price, title].flatMap((one) => Object.keys(one)).find((item) => !items.includes(item));
  if (unknown !== undefined) throw new SettingError(`${shop.id} has no ${unknown}; it has ${items.join(', ')}`);
  const [from, to] = open?.split('-') ?? [];
  const productWith = (product: Product): Product => {
    const { itemId } = product;
    const [left, yuan, name] = [stock[itemId], price[itemId], title[itemId]];
    return {
      ...product,
      ...(left !== undefined && { stock: left }),
      ...(yuan !== undefined && { priceMinor: yuanMinor(yuan) }),
      ...(name !== undefined && { title: { 'zh-CN': name, 'en-US': name } }),
    };
  };
  return {
    ...shop,
    products: shop.products.map(productWith),
    ...(from !== undefined && to !== undefined && { opens: everyDay(hours([from, to])) }),
    delivery: {
      ...shop.delivery,
      ...(minimum !== undefined && { minimumOrderMinor: yuanMinor(minimum) }),
      ...(delivery !== undefined && { baseFeeMinor: yuanMinor(delivery), perKmMinor: 0 }),
      ...(radiusM !== undefined && { radiusM }),
    },
  };
}
