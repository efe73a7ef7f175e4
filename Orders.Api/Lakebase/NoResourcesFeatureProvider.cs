using System.Reflection;
using Microsoft.AspNetCore.Mvc.ApplicationParts;
using Microsoft.AspNetCore.Mvc.Controllers;

namespace Orders.Api.Lakebase;

/// <summary>Takes the resources' operations out of the service: their paths are unknown then, and no document has them.</summary>
internal sealed class NoResourcesFeatureProvider : IApplicationFeatureProvider<ControllerFeature>
{
    public void PopulateFeature(IEnumerable<ApplicationPart> parts, ControllerFeature feature)
    {
        ArgumentNullException.ThrowIfNull(feature);
        feature.Controllers.Remove(typeof(ResourcesController).GetTypeInfo());
    }
}
