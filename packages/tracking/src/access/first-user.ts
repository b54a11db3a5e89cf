import type { Glance } from "../store/index.ts";

export const firstUserQuery = "SELECT 1 FROM access_users LIMIT 1";

/**
 * Says whether requests need a token: from the first user on, also one that another process makes while the server
 * runs. It does not go back, not even when all users are removed: what was closed is opened by a new start only.
 */
export class FirstUser {
  readonly #glance: Glance;
  #came: boolean;

  constructor(glance: Glance, came = false) {
    this.#glance = glance;
    this.#came = came;
  }

  async came(): Promise<boolean> {
    this.#came ||= await this.#glance.any();
    return this.#came;
  }
}
