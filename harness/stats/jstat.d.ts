/** The part of jStat that is used; the package has no types of its own. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** The quantile of Student's t: the value below which a share `p` lies. */
      inv(p: number, degreesOfFreedom: number): number;
    };
  };
  export default jStat;
}
