// The charts Roadmix draws, and no more: every trace type costs every chart page bytes.
// core brings scatter; a new type of chart is one more line here.
const Plotly = require("plotly.js/lib/core");

Plotly.register([
  require("plotly.js/lib/bar"),
  require("plotly.js/lib/heatmap"),
  require("plotly.js/lib/sankey"),
]);

module.exports = Plotly;
