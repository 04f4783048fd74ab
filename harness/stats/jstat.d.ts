/** The part of jStat that is used; the package has no types of its own. */
declare module 'jstat' {
  const jStat: {
    readonly studentt: {
      /** The quantile of Student's t: the value below which a share `p` lies. */
      inv(p: number, degreesOfFreedom: number): number;
    };
    readonly chisquare: {
      /** The quantile of the chi-square distribution. */
      inv(p: number, degreesOfFreedom: number): number;
    };
    readonly hypgeom: {
      /** The share of draws of `n` out of `N`, of which `m` are marked, in which at most `x` are marked. */
      cdf(x: number, N: number, m: number, n: number): number;
    };
    readonly centralF: {
      /** The share of the F distribution that lies below a value. */
      cdf(value: number, degreesOfFreedom1: number, degreesOfFreedom2: number): number;
    };
  };
  export default jStat;
}
