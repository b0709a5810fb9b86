// What kiv_portal/ui/assets.py puts below static/build/, as the packages themselves describe it.

declare module "*/build/idb.js" {
  export * from "idb";
}
