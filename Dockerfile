FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /source

# The packages are a layer of their own: it is made anew when a project file changes, not when the code does.
COPY global.json Directory.Build.props Directory.Packages.props ./
COPY Orders.Api/Orders.Api.csproj Orders.Api/packages.lock.json Orders.Api/
COPY Orders.Application/Orders.Application.csproj Orders.Application/packages.lock.json Orders.Application/
COPY Orders.Domain/Orders.Domain.csproj Orders.Domain/packages.lock.json Orders.Domain/
COPY Orders.Infrastructure/Orders.Infrastructure.csproj Orders.Infrastructure/packages.lock.json Orders.Infrastructure/
RUN dotnet restore Orders.Api --locked-mode

COPY .editorconfig ./
COPY Orders.Api Orders.Api
COPY Orders.Application Orders.Application
COPY Orders.Domain Orders.Domain
COPY Orders.Infrastructure Orders.Infrastructure
RUN dotnet publish Orders.Api --configuration Release --no-restore --output /app

# Chiseled: no shell, no package manager, half the size. The program checks its own health and needs neither ICU nor a tool.
FROM mcr.microsoft.com/dotnet/aspnet:10.0-noble-chiseled
WORKDIR /app
COPY --from=build /app .
USER $APP_UID
# The image has no Kerberos library, and the driver would look for it, and complain, before every first connection.
ENV ASPNETCORE_HTTP_PORTS=8000 \
    PGGSSENCMODE=disable
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["dotnet", "Orders.Api.dll", "healthcheck"]
# Arguments are the program's: docker run IMAGE seed --scale-factor 1
ENTRYPOINT ["dotnet", "Orders.Api.dll"]
