/** The chart library, which stands in the page before our script. */
declare const uPlot: typeof import('uplot').default;
