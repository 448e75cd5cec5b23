import type { Role } from "../api/schema";
import type { Text } from "../texts/texts";
import { TEXTS } from "./texts";

export const ROLES: Readonly<Record<Role, Text>> = {
  agent: TEXTS.roleAgent,
  supervisor: TEXTS.roleSupervisor,
  administrator: TEXTS.roleAdministrator,
  operations: TEXTS.roleOperations,
  department: TEXTS.roleDepartment,
};
